/* The sums of a channel by the digits of its weights: a list of elements for each digit. Interface: bnm_fast.h; idea: bnm_signed_digits.h. */
#include "bnm_signed_digits.h"
#include "bnm_hot.h"

BNM_COLD void bnm_convolve_digits(const bnm_conv_layer *layer, struct bnm_weight_row *row, const struct bnm_channel_outputs *to) {
  const bnm_conv2d *const conv = &layer->conv;
  const uint8_t *const codes = row->codes;
  unsigned left = (unsigned)conv->group_inputs * conv->kernel_height * conv->kernel_width;
  int32_t *const end = to->sums + to->outputs;
  for (int32_t *sum = to->sums; sum != end;) *sum++ = 0;
  row->offset = 0;
  row->columns = conv->kernel_width;
  row->rows = conv->kernel_height;
  row->done = 0;
  do {
    row->count = left < BNM_CONV_WEIGHTS ? left : BNM_CONV_WEIGHTS;
    int is_more = 1;
    for (unsigned position = 0; is_more != 0; position++) {
      is_more = layer->list(row, position);
      bnm_add_elements(row, to, position);
    }
    row->done += row->count;
    left -= row->count;
  } while (left != 0);
  row->codes = codes;
}
