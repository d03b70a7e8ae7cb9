/* A channel of a convolution with its maxima. Interface: bnm_conv_layer_avr.h. */
#include "bnm_conv_layer_avr.h"

void bnm_convolve_channel_avr(const bnm_conv_layer *layer, uint16_t channel, const int8_t *x, void *scratch,
                              const struct bnm_channel_values *to) {
  const bnm_conv2d *const conv = &layer->conv;
  const uint8_t height = layer->pool_height, width = layer->pool_width;
  int32_t *const sums = scratch;
  if (height == 1 && width == 1) {
    bnm_conv_rows(conv, channel, x, to->taps, 0, conv->out_height, sums);
  } else {
    int32_t *pooled = to->values;
    const uint16_t columns = conv->out_width / width;
    for (uint16_t row = 0; row + height <= conv->out_height; row += height, pooled += columns) {
      bnm_conv_rows(conv, channel, x, to->taps, row, height, sums);
      if (height == 2 && width == 2) bnm_halve_rows(sums, conv->out_width, pooled);
      else bnm_pool_rows(sums, conv->out_width, height, width, pooled);
    }
  }
  const uint8_t output_shift = conv->output_shifts == 0 ? 0 : bnm_read_u8(&conv->output_shifts[channel]);
  const int32_t bias = conv->bias == 0 ? 0 : bnm_read_i32(&conv->bias[channel]);
  if (output_shift == 0 && bias == 0) return;
  for (int32_t *value = to->values; value != to->values + to->count; value++) {
    uint32_t sum = (uint32_t)*value;
    for (uint8_t shift = output_shift; shift != 0; shift--) sum <<= 1;
    *value = (int32_t)(sum + (uint32_t)bias);
  }
}
