/* A convolution with its ShiftNorm. Interface: bnm_fast.h. */
#include "bnm_conv_chain.h"
#include "bnm_conv_channel.h"
#include "bnm_hot.h"

BNM_COLD void bnm_conv_norm(const bnm_conv_layer *layer, const int8_t *x, void *scratch, int8_t *y) {
  const bnm_conv2d *const conv = &layer->conv;
  const unsigned channels = (unsigned)conv->groups * conv->group_outputs;
  struct bnm_conv_run run;
  bnm_begin_conv(layer, x, (unsigned)conv->groups * conv->group_inputs, channels, scratch, &run);
  unsigned of_group = conv->group_outputs, features = 0;
  int8_t *kept = y;
  for (unsigned channel = 0; channel < channels; channel++, kept += features) {
    if (of_group == 0) {
      of_group = conv->group_outputs;
      run.to.x += run.group_bytes;
    }
    of_group--;
    features = bnm_convolve_channel(layer, &run);
    const unsigned output_shift = conv->output_shifts == 0 ? 0 : conv->output_shifts[channel];
    const int32_t bias = conv->bias == 0 ? 0 : conv->bias[channel];
    int32_t *const end = run.to.sums + features;
    for (int32_t *sum = run.to.sums; sum != end; sum++) {
      *sum = bnm_relu_then_shift((int32_t)((uint32_t)*sum << output_shift) + bias, layer->shift);
    }
    run.shifts[channel] = (int8_t)bnm_keep_features(run.to.sums, (uint16_t)features, kept);
  }
  bnm_normalize_features(y, (uint16_t)channels, (uint16_t)features, run.shifts);
}
