/* A channel of a convolution up to its requantized maxima. Interface: bnm_fast.h; the scratch: bnm_conv_layer_avr.h. */
#include "bnm_conv_layer_avr.h"

void bnm_conv_requantize(const bnm_conv_layer *layer, uint16_t channel, const int8_t *x, void *scratch, int8_t *y) {
  struct bnm_channel_values of_channel;
  bnm_begin_channel(layer, scratch, &of_channel);
  bnm_convolve_channel_avr(layer, channel, x, scratch, &of_channel);
  bnm_requantize(of_channel.values, of_channel.count, layer->shift, layer->min, layer->max, y);
}
