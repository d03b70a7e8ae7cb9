/* One output channel of a convolution over int32 planes. Interface: bnm.h. */
#include "bnm.h"
#include "bnm_conv2d_finish.h"

/* The sum over one window whose top left corner is at (top, left), which lie outside the plane where there is padding. */
static int32_t window(const bnm_conv2d *conv, const int32_t *plane, int top, int left, const int16_t *taps) {
  const int first_row = top < 0 ? 0 : top, first = left < 0 ? 0 : left;
  const int bottom = top + conv->kernel_height < (int)conv->height ? top + conv->kernel_height : (int)conv->height;
  const int right = left + conv->kernel_width < (int)conv->width ? left + conv->kernel_width : (int)conv->width;
  taps += (first_row - top) * conv->kernel_width + (first - left);
  int32_t sum = 0;
  for (int row = first_row; row < bottom; row++, taps += conv->kernel_width) {
    const int32_t *x = &plane[row * (int)conv->width + first];
    const int16_t *tap = taps;
    for (int n = right - first; n > 0; n--) sum += *x++ * *tap++;
  }
  return sum;
}

void bnm_conv2d_channel_i32(const bnm_conv2d *conv, uint16_t channel, const int32_t *x, int16_t *taps, int32_t *y) {
  const uint8_t *row = conv->weights + (uint32_t)channel * conv->row_bytes;
  const uint16_t kernel = (uint16_t)(conv->kernel_height * conv->kernel_width);
  for (unsigned input = 0; input < conv->group_inputs; input++) {
    conv->unpack(row, (uint16_t)(input * kernel), kernel, taps);
    int32_t *out = y;
    for (unsigned r = 0; r < conv->out_height; r++) {
      const int top = (int)(r * conv->stride_y) - conv->padding_y;
      for (unsigned c = 0; c < conv->out_width; c++) {
        const int32_t sum = window(conv, x, top, (int)(c * conv->stride_x) - conv->padding_x, taps);
        *out = input == 0 ? sum : *out + sum;
        out++;
      }
    }
    x += (unsigned)conv->height * conv->width;
  }
  bnm_conv2d_finish(conv, channel, y);
}
