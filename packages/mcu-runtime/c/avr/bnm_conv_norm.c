/* A convolution with its ShiftNorm. Interface: bnm_fast.h; the scratch: bnm_conv_layer_avr.h. */
#include "bnm_conv_layer_avr.h"
#include "bnm_relu_then_shift.h"

void bnm_conv_norm(const bnm_conv_layer *layer, const int8_t *x, void *scratch, int8_t *y) {
  const bnm_conv2d *const conv = &layer->conv;
  const uint16_t channels = conv->groups * conv->group_outputs;
  struct bnm_channel_values of_channel;
  bnm_begin_channel(layer, scratch, &of_channel);
  const uint16_t features = of_channel.count;
  int8_t *const shifts = (int8_t *)(of_channel.taps + conv->kernel_height * conv->kernel_width);
  uint16_t of_group = conv->group_outputs;
  int8_t *to = y;
  for (uint16_t channel = 0; channel < channels; channel++, to += features) {
    if (of_group == 0) {
      of_group = conv->group_outputs;
      x += conv->height * conv->width * conv->group_inputs;
    }
    of_group--;
    bnm_convolve_channel_avr(layer, channel, x, scratch, &of_channel);
    for (int32_t *value = of_channel.values; value != of_channel.values + features; value++) {
      *value = (int32_t)bnm_relu_then_shift(*value, layer->shift);
    }
    shifts[channel] = (int8_t)bnm_keep_features(of_channel.values, features, to);
  }
  bnm_normalize_features(y, channels, features, shifts);
}
