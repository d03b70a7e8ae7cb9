/* The sums of a channel of a 3x3 kernel over one plane by multiplication, 2x2 outputs at once. Interface: bnm_fast.h, bnm_product_rows.h. */
#include "bnm_product_rows.h"
#include "bnm_signed_digits.h"
#include "bnm_hot.h"

#if defined(BNM_PRODUCT_ROWS)

BNM_COLD void bnm_convolve_blocks(const bnm_conv_layer *layer, struct bnm_weight_row *row, const struct bnm_channel_outputs *to) {
  const bnm_conv2d *const conv = &layer->conv;
  conv->unpack(row->codes, 0, 9, row->weights);
  const struct bnm_product_rows rows = {
      .taps = row->weights,
      .x = to->x,
      .sums = to->sums,
      .row_bytes = 4u * to->width,
      .rows = conv->out_height,
      .next_row = to->next_row,
#if defined(BNM_DSP)
      /* Nothing reads these, but a call of memset would clear them. */
      .planes = 1,
      .kernel_rows = 3,
      .kernel_bytes = 6,
      .next_kernel_row = 0,
      .next_plane = 0,
#endif
  };
  bnm_product_blocks(&rows);
}

#else

/* Of C the general kernel is the faster one. */
BNM_COLD void bnm_convolve_blocks(const bnm_conv_layer *layer, struct bnm_weight_row *row, const struct bnm_channel_outputs *to) {
  bnm_convolve_products(layer, row, to);
}

#endif
