/* How the scratch of a convolution is divided. Interface: bnm_conv_layer_avr.h. */
#include "bnm_conv_layer_avr.h"

void bnm_begin_channel(const bnm_conv_layer *layer, void *scratch, struct bnm_channel_values *channel) {
  const bnm_conv2d *const conv = &layer->conv;
  channel->values = scratch;
  channel->count = conv->out_height * conv->out_width;
  if (layer->pool_height != 1 || layer->pool_width != 1) {
    channel->values += (uint16_t)(layer->pool_height * conv->out_width);
    channel->count = (uint16_t)((conv->out_height / layer->pool_height) * (conv->out_width / layer->pool_width));
  }
  channel->taps = (int16_t *)(channel->values + channel->count);
}
