/* One output channel of a convolution over int32 planes. Interface: bnm.h. */
#include "bnm.h"
#include "bnm_conv2d_finish.h"

#if defined(__riscv) && !defined(__riscv_mul)

/* By shifts and additions: a call of the general multiplication takes 160 cycles. */
static int32_t product(int32_t element, int32_t weight) {
  uint32_t sum = 0, doubled = (uint32_t)element;
  for (unsigned rest = (unsigned)(weight < 0 ? -weight : weight); rest != 0; rest >>= 1, doubled <<= 1) {
    if ((rest & 1u) != 0) sum += doubled;
  }
  return (int32_t)(weight < 0 ? 0u - sum : sum);
}

#else

static int32_t product(int32_t element, int32_t weight) { return element * weight; }

#endif

/* The sum over one window whose top left corner is at (top, left), which lie outside the plane where there is padding. */
static int32_t window(const bnm_conv2d *conv, const int32_t *plane, int top, int left, const int16_t *taps) {
  int32_t sum = 0;
  for (int row = 0; row < conv->kernel_height; row++, taps += conv->kernel_width) {
    const int from = top + row;
    if (from < 0 || from >= (int)conv->height) continue;
    const int32_t *line = &plane[(unsigned)from * conv->width];
    for (int column = 0; column < conv->kernel_width; column++) {
      const int at = left + column;
      if (at >= 0 && at < (int)conv->width) sum += product(line[at], taps[column]);
    }
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
