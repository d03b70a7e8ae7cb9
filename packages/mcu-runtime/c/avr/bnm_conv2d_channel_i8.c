/* One output channel of a convolution over int8 planes. Interface: bnm.h. */
#include "bnm_conv2d_finish.h"
#include "bnm_planes_avr.h"

void bnm_conv2d_channel_i8(const bnm_conv2d *conv, uint16_t channel, const int8_t *x, int16_t *taps, int32_t *y) {
  bnm_conv_rows(conv, channel, x, taps, 0, conv->out_height, y);
  bnm_conv2d_finish(conv, channel, y);
}
