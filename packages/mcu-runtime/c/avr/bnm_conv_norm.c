/* A convolution with its ShiftNorm. Interface: bnm_fast.h; here the scratch has
 *   int32 sums of one channel; where it is pooled, of two rows, and the maxima behind them
 *   int16 weights of one kernel
 *   int8  shifts of all channels */
#include "bnm_planes_avr.h"
#include "bnm_relu_then_shift.h"

/* The sums of a channel after pooling, or without; returns how many. */
static uint16_t sums_of(const bnm_conv_norm_layer *layer, uint16_t channel, const int8_t *x, int16_t *taps, int32_t *sums) {
  const bnm_conv2d *const conv = &layer->conv;
  const uint16_t width = conv->out_width;
  if (layer->pools == 0) {
    bnm_conv_rows(conv, channel, x, taps, 0, conv->out_height, sums);
    return conv->out_height * width;
  }
  int32_t *to = sums + 2u * width;
  for (uint16_t row = 0; row + 1u < conv->out_height; row += 2, to += width / 2u) {
    bnm_conv_rows(conv, channel, x, taps, row, 2, sums);
    bnm_halve_rows(sums, width, to);
  }
  return (conv->out_height / 2u) * (width / 2u);
}

void bnm_conv_norm(const bnm_conv_norm_layer *layer, const int8_t *x, void *scratch, int8_t *y) {
  const bnm_conv2d *const conv = &layer->conv;
  const uint16_t channels = conv->groups * conv->group_outputs;
  const uint16_t width = conv->out_width;
  int32_t *const sums = scratch;
  int32_t *const kept = layer->pools == 0 ? sums : sums + 2u * width;
  int16_t *const taps = (int16_t *)(kept + (layer->pools == 0 ? conv->out_height * width : (conv->out_height / 2u) * (width / 2u)));
  int8_t *const shifts = (int8_t *)(taps + conv->kernel_height * conv->kernel_width);
  uint16_t of_group = conv->group_outputs, features = 0;
  int8_t *to = y;
  for (uint16_t channel = 0; channel < channels; channel++, to += features) {
    if (of_group == 0) {
      of_group = conv->group_outputs;
      x += conv->height * conv->width * conv->group_inputs;
    }
    of_group--;
    features = sums_of(layer, channel, x, taps, sums);
    const uint8_t output_shift = conv->output_shifts == 0 ? 0 : bnm_read_u8(&conv->output_shifts[channel]);
    const int32_t bias = conv->bias == 0 ? 0 : bnm_read_i32(&conv->bias[channel]);
    for (int32_t *value = kept; value != kept + features; value++) {
      uint32_t sum = (uint32_t)*value;
      for (uint8_t shift = output_shift; shift != 0; shift--) sum <<= 1;
      *value = (int32_t)bnm_relu_then_shift((int32_t)(sum + (uint32_t)bias), layer->shift);
    }
    shifts[channel] = bnm_keep_features(kept, features, to);
  }
  bnm_normalize_features(y, channels, features, shifts);
}
