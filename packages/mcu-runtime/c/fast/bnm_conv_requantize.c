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
  const int32_t *sum = run.to.sums;
  const int32_t *const end = sum + bnm_convolve_channel(layer, &run);
  const unsigned output_shift = conv->output_shifts == 0 ? 0 : conv->output_shifts[channel];
  const int32_t bias = conv->bias == 0 ? 0 : conv->bias[channel];
#if defined(BNM_THUMB)
  const struct bnm_sums_scale scale = {output_shift, bias, layer->shift, layer->min, layer->max};
  bnm_requantize_sums(&scale, sum, end, y);
#else
  const int32_t min = layer->min, max = layer->max;
  /* As bnm_rounding_shift; shift 0 keeps the last bit. */
  const unsigned shift = layer->shift == 0 ? 0 : layer->shift - 1u, half = layer->shift == 0 ? 0 : 1u;
  for (; sum != end; sum++) {
    int32_t scaled = ((int32_t)((uint32_t)*sum << output_shift) + bias) >> shift;
    const int32_t last = scaled & (int32_t)half;
    scaled = (scaled >> half) + last;
    if (scaled < min) scaled = min;
    if (scaled > max) scaled = max;
    *y++ = (int8_t)scaled;
  }
#endif
}
