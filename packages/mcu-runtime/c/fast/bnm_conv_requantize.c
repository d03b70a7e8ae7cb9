/* A channel of a convolution up to its requantized maxima. Interface: bnm_fast.h. */
#include "bnm_conv_channel.h"
#include "bnm_hot.h"

/* What all sums of a channel share. */
struct requantization {
  unsigned output_shift;
  int32_t bias;
  unsigned shift, half; /* bnm_rounding_shift in two steps; half is 0 where nothing is rounded */
  int32_t min;
  unsigned range; /* max - min */
};

/* A function of its own, so that all it needs stays in registers. */
BNM_HOT(bnm_requantize_sums)
static void requantize(const int32_t *sum, const int32_t *end, const struct requantization *r, int8_t *y) {
  const unsigned output_shift = r->output_shift, shift = r->shift, range = r->range;
  const int32_t bias = r->bias, min = r->min, half = (int32_t)r->half;
  for (; sum != end; sum++) {
    int32_t scaled = ((int32_t)((uint32_t)*sum << output_shift) + bias) >> shift;
    const int32_t last = scaled & half;
    scaled = (scaled >> half) + last;
    /* One comparison for most of them. */
    if ((uint32_t)scaled - (uint32_t)min > range) scaled = scaled < min ? min : min + (int32_t)range;
    *y++ = (int8_t)scaled;
  }
}

BNM_WARM(bnm_conv_requantize)
void bnm_conv_requantize(const bnm_conv_layer *layer, uint16_t channel, const int8_t *x, void *scratch, int8_t *y) {
  const bnm_conv2d *const conv = &layer->conv;
  struct bnm_conv_run run;
  bnm_begin_conv(layer, x, conv->group_inputs, 0, scratch, &run);
  run.row.codes += (uint32_t)channel * conv->row_bytes;
  const int32_t *const sums = run.to.sums;
  const int32_t *const end = sums + bnm_convolve_channel(layer, &run);
  const struct requantization r = {
      .output_shift = conv->output_shifts == 0 ? 0 : conv->output_shifts[channel],
      .bias = conv->bias == 0 ? 0 : conv->bias[channel],
      .shift = layer->shift == 0 ? 0 : layer->shift - 1u,
      .half = layer->shift != 0,
      .min = layer->min,
      .range = (unsigned)(layer->max - layer->min),
  };
  requantize(sums, end, &r, y);
}
