/* bnm_conv2d_channel_i8 for hosts: widens each plane, then as bnm_conv2d_channel_i32 for hosts. */
#define bnm_conv2d_channel_i8 bnm_conv2d_channel_i8_plain
#include "src/bnm_conv2d_channel_i8.c"
#undef bnm_conv2d_channel_i8

#include "bnm_conv2d_rows.h"

/* Largest plane that is widened on the stack: 64 x 64. */
enum { MAX_PLANE = 4096 };

void bnm_conv2d_channel_i8(const bnm_conv2d *conv, uint16_t channel, const int8_t *x, int16_t *taps, int32_t *y) {
  const unsigned plane_size = (unsigned)conv->height * conv->width;
  if (!bnm_conv2d_rows_apply(conv) || plane_size > MAX_PLANE) {
    bnm_conv2d_channel_i8_plain(conv, channel, x, taps, y);
    return;
  }
  int32_t plane[MAX_PLANE];
  const uint8_t *row = conv->weights + (uint32_t)channel * conv->row_bytes;
  const uint16_t kernel = (uint16_t)(conv->kernel_height * conv->kernel_width);
  for (unsigned input = 0; input < conv->group_inputs; input++) {
    for (unsigned i = 0; i < plane_size; i++) plane[i] = x[i];
    conv->unpack(row, (uint16_t)(input * kernel), kernel, taps);
    bnm_conv2d_rows(conv, plane, taps, input != 0, y);
    x += plane_size;
  }
  bnm_conv2d_finish(conv, channel, y);
}
