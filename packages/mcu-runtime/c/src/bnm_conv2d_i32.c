/* All output channels of a convolution over int32 planes. Interface: bnm.h. */
#include "bnm.h"

void bnm_conv2d_i32(const bnm_conv2d *conv, const int32_t *x, int16_t *taps, int32_t *y) {
  const unsigned group_size = (unsigned)conv->group_inputs * conv->height * conv->width;
  const unsigned plane_size = (unsigned)conv->out_height * conv->out_width;
  uint16_t channel = 0;
  for (unsigned group = 0; group < conv->groups; group++) {
    for (unsigned output = 0; output < conv->group_outputs; output++) {
      bnm_conv2d_channel_i32(conv, channel, x, taps, y);
      y += plane_size;
      channel++;
    }
    x += group_size;
  }
}
