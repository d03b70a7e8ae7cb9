/* The sums of a channel of Ternary weights, straight from their codes. Interface: bnm_fast.h; idea: bnm_signed_digits.h. */
#include "bnm_signed_digits.h"
#include "bnm_hot.h"

BNM_COLD void bnm_convolve_trits(const bnm_conv_layer *layer, struct bnm_weight_row *row, const struct bnm_channel_outputs *to) {
  row->offset = layer->conv.group_inputs;
  row->columns = layer->conv.kernel_width;
  row->rows = layer->conv.kernel_height;
  const int8_t *x = to->x, *first = 0;
  int32_t *sums = to->sums, *first_sums = sums;
  int left = (int)to->width;
  while (sums != to->sums + to->outputs) {
    /* A pair at x, side by side; two of them go over the codes together. */
    if (first == 0) {
      first = x;
      first_sums = sums;
    } else {
      bnm_add_trits(row, first, (int)(x - first), first_sums, sums);
      first = 0;
    }
    /* Of a row with an odd number of outputs the last pair begins with the second output of the one before. */
    const int step = left == 3 ? 1 : 2;
    x += step;
    sums += step;
    left -= step;
    if (left != 0) continue;
    left = (int)to->width;
    x += to->next_row;
  }
  if (first != 0) bnm_add_trits(row, first, 0, first_sums, first_sums);
}
