/* Rows of a convolution's channel: windows inside of the plane in assembly, those that reach into the padding here.
 * Interface: bnm_planes_avr.h. */
#include "bnm_planes_avr.h"

/* So many products of int8 fit 24 bits. */
#define MOST_TAPS 512u

/* Windows from `first` on, `count` of them, that lie inside of the plane in one direction. */
struct inside {
  uint16_t first, end;
};

static struct inside inside_of(uint8_t padding, uint8_t stride, uint8_t kernel, uint16_t extent, uint16_t first, uint16_t count) {
  struct inside inside = {first, first};
  const uint16_t last = (uint16_t)(extent + padding - kernel);
  for (; count != 0; count--, first++) {
    const uint16_t at = (uint16_t)(first * stride);
    if (at < padding) inside.first = inside.end = first + 1u;
    else if (at <= last && extent >= kernel) inside.end = first + 1u;
  }
  return inside;
}

/* A window of which some elements are padding. */
static int32_t sum_at_border(const bnm_conv2d *conv, const int8_t *plane, const int8_t *taps, int16_t top, int16_t left) {
  int32_t sum = 0;
  for (uint8_t row = 0; row < conv->kernel_height; row++, top++) {
    if (top < 0 || top >= (int16_t)conv->height) {
      taps += conv->kernel_width;
      continue;
    }
    int16_t at = left;
    const int8_t *x = plane + (top * (int16_t)conv->width + left);
    for (uint8_t column = conv->kernel_width; column != 0; column--, at++, x++, taps++) {
      if (at >= 0 && at < (int16_t)conv->width) sum += (int16_t)(*x * *taps);
    }
  }
  return sum;
}

static void add_plane(const bnm_conv2d *conv, const int8_t *plane, const int8_t *taps, uint16_t first, uint16_t rows, int32_t *y) {
  const uint16_t out_width = conv->out_width;
  const struct inside down =
      inside_of(conv->padding_y, conv->stride_y, conv->kernel_height, conv->height, first, rows);
  const struct inside across = inside_of(conv->padding_x, conv->stride_x, conv->kernel_width, conv->width, 0, out_width);
  struct bnm_windows windows;
  windows.rows = down.end - down.first;
  windows.columns = across.end - across.first;
  if (windows.rows != 0 && windows.columns != 0) {
    windows.x = plane + (int16_t)((down.first * conv->stride_y - conv->padding_y) * conv->width + across.first * conv->stride_x - conv->padding_x);
    windows.y = y + (down.first - first) * out_width + across.first;
    windows.taps = taps;
    windows.width = conv->width;
    windows.x_step = conv->stride_x;
    windows.x_skip = (int16_t)(conv->stride_y * conv->width - windows.columns * conv->stride_x);
    windows.y_skip = (uint16_t)(sizeof *y * (out_width - windows.columns));
    windows.kernel_width = conv->kernel_width;
    if (conv->kernel_width == 3 && conv->kernel_height == 3) {
      bnm_add_windows3x3(&windows);
    } else {
      const uint8_t most = (uint8_t)(conv->kernel_width == 1 ? 255u : MOST_TAPS / conv->kernel_width);
      for (uint8_t left = conv->kernel_height; left != 0; left -= windows.kernel_height) {
        windows.kernel_height = left < most ? left : most;
        bnm_add_windows(&windows);
        windows.x += windows.kernel_height * conv->width;
        windows.taps += windows.kernel_height * conv->kernel_width;
      }
    }
  } else {
    windows.rows = 0;
  }
  if (windows.rows == rows && windows.columns == out_width) return;
  for (uint16_t row = first; row != first + rows; row++) {
    const uint8_t is_inside = windows.rows != 0 && row >= down.first && row < down.end;
    const int16_t top = (int16_t)(row * conv->stride_y - conv->padding_y);
    for (uint16_t column = 0; column != out_width; column++, y++) {
      if (is_inside && column >= across.first && column < across.end) continue;
      *y += sum_at_border(conv, plane, taps, top, (int16_t)(column * conv->stride_x - conv->padding_x));
    }
  }
}

void bnm_conv_rows(const bnm_conv2d *conv, uint16_t channel, const int8_t *x, int16_t *taps, uint16_t first, uint16_t rows, int32_t *y) {
  const uint8_t *weights = conv->weights + channel * conv->row_bytes;
  const uint16_t kernel = (uint16_t)(conv->kernel_height * conv->kernel_width);
  int32_t *const end = y + (uint16_t)(rows * conv->out_width);
  for (int32_t *to = y; to != end; to++) *to = 0;
  for (uint16_t input = 0; input < conv->group_inputs; input++) {
    uint8_t is_rest = 0;
    for (;;) {
      conv->unpack(weights, (uint16_t)(input * kernel), kernel, taps);
      const uint8_t has_rest = bnm_narrow_taps(taps, kernel, is_rest);
      add_plane(conv, x, (const int8_t *)taps, first, rows, y);
      if (!has_rest || is_rest) break;
      is_rest = 1;
    }
    x += (uint16_t)(conv->height * conv->width);
  }
}
