/* bnm_conv2d_channel_i32 for hosts: four neighbouring outputs at once, and the plain kernel where that does not apply. */
#define bnm_conv2d_channel_i32 bnm_conv2d_channel_i32_plain
#include "src/bnm_conv2d_channel_i32.c"
#undef bnm_conv2d_channel_i32

#include "bnm_conv2d_rows.h"

void bnm_conv2d_channel_i32(const bnm_conv2d *conv, uint16_t channel, const int32_t *x, int16_t *taps, int32_t *y) {
  if (!bnm_conv2d_rows_apply(conv)) {
    bnm_conv2d_channel_i32_plain(conv, channel, x, taps, y);
    return;
  }
  const uint8_t *row = conv->weights + (uint32_t)channel * conv->row_bytes;
  const uint16_t kernel = (uint16_t)(conv->kernel_height * conv->kernel_width);
  for (unsigned input = 0; input < conv->group_inputs; input++) {
    conv->unpack(row, (uint16_t)(input * kernel), kernel, taps);
    bnm_conv2d_rows(conv, x, taps, input != 0, y);
    x += (unsigned)conv->height * conv->width;
  }
  bnm_conv2d_finish(conv, channel, y);
}
