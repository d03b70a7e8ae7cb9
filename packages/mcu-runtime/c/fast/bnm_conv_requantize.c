/* A channel of a convolution up to its requantized maxima. Interface: bnm_fast.h. */
#include "bnm_assert_layout.h"
#include "bnm_channel_end.h"
#include "bnm_conv_channel.h"
#include "bnm_hot.h"

#if defined(BNM_THUMB)
BNM_ASSERT_OFFSET(output_shift, bnm_sums_scale, output_shift, BNM_SCALE_OUTPUT_SHIFT);
BNM_ASSERT_OFFSET(bias, bnm_sums_scale, bias, BNM_SCALE_BIAS);
BNM_ASSERT_OFFSET(shift, bnm_sums_scale, shift, BNM_SCALE_SHIFT);
BNM_ASSERT_OFFSET(min, bnm_sums_scale, min, BNM_SCALE_MIN);
BNM_ASSERT_OFFSET(max, bnm_sums_scale, max, BNM_SCALE_MAX);
#endif

BNM_WARM(bnm_conv_requantize)
void bnm_conv_requantize(const bnm_conv_layer *layer, uint16_t channel, const int8_t *x, void *scratch, int8_t *y) {
  const bnm_conv2d *const conv = &layer->conv;
  struct bnm_conv_run run;
  bnm_begin_conv(layer, x, conv->group_inputs, 0, scratch, &run);
  run.row.codes += (uint32_t)channel * conv->row_bytes;
  const int32_t *const end = run.to.sums + bnm_convolve_channel(layer, &run);
  const struct bnm_sums_scale scale = {
      .output_shift = conv->output_shifts == 0 ? 0 : conv->output_shifts[channel],
      .bias = conv->bias == 0 ? 0 : conv->bias[channel],
      .shift = layer->shift,
      .min = layer->min,
      .max = layer->max,
  };
  bnm_requantize_sums(&scale, run.to.sums, end, y);
}
