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

/* What is the same for all planes of rows first ... first + rows - 1. */
struct grid {
  struct bnm_windows windows; /* those inside of the plane; no rows or columns where there are none */
  int16_t x_first;            /* from the plane to the first of them */
  struct inside down, across;
  uint16_t first, rows;
};

static void set_up(const bnm_conv2d *conv, uint16_t first, uint16_t rows, int32_t *y, struct grid *grid) {
  struct bnm_windows *const windows = &grid->windows;
  const uint16_t out_width = conv->out_width;
  grid->first = first;
  grid->rows = rows;
  grid->down = inside_of(conv->padding_y, conv->stride_y, conv->kernel_height, conv->height, first, rows);
  grid->across = inside_of(conv->padding_x, conv->stride_x, conv->kernel_width, conv->width, 0, out_width);
  windows->rows = grid->down.end - grid->down.first;
  windows->columns = grid->across.end - grid->across.first;
  const int16_t top = (int16_t)(grid->down.first * conv->stride_y - conv->padding_y);
  const int16_t left = (int16_t)(grid->across.first * conv->stride_x - conv->padding_x);
  grid->x_first = top * (int16_t)conv->width + left;
  windows->y = y + (uint16_t)(grid->down.first - first) * out_width + grid->across.first;
  windows->width = conv->width;
  windows->x_step = conv->stride_x;
  windows->x_skip = (int16_t)(conv->stride_y * conv->width - windows->columns * conv->stride_x);
  windows->y_skip = (uint16_t)(sizeof *y * (out_width - windows->columns));
  windows->kernel_width = conv->kernel_width;
}

/* A kernel of any size, in pieces whose sums fit 24 bits. */
static void add_inside(const bnm_conv2d *conv, struct bnm_windows *windows) {
  const uint8_t most = (uint8_t)(conv->kernel_width <= MOST_TAPS / 255u ? 255u : MOST_TAPS / conv->kernel_width);
  for (uint8_t left = conv->kernel_height; left != 0; left = (uint8_t)(left - windows->kernel_height)) {
    windows->kernel_height = left < most ? left : most;
    bnm_add_windows(windows);
    windows->x += windows->kernel_height * conv->width;
    windows->taps += windows->kernel_height * conv->kernel_width;
  }
}

static void add_border(const bnm_conv2d *conv, const struct grid *grid, const int8_t *plane, const int8_t *taps, int32_t *y) {
  const uint8_t has_inside = grid->windows.rows != 0 && grid->windows.columns != 0;
  for (uint16_t row = grid->first; row != grid->first + grid->rows; row++) {
    const uint8_t is_inside = has_inside && row >= grid->down.first && row < grid->down.end;
    const int16_t top = (int16_t)(row * conv->stride_y - conv->padding_y);
    for (uint16_t column = 0; column != conv->out_width; column++, y++) {
      if (is_inside && column >= grid->across.first && column < grid->across.end) continue;
      *y += sum_at_border(conv, plane, taps, top, (int16_t)(column * conv->stride_x - conv->padding_x));
    }
  }
}

static void add_plane(const bnm_conv2d *conv, struct grid *grid, const int8_t *plane, const int8_t *taps, uint8_t size,
                      int32_t *y) {
  struct bnm_windows *const windows = &grid->windows;
  if (windows->rows != 0 && windows->columns != 0) {
    windows->x = plane + grid->x_first;
    windows->taps = taps;
    if (conv->kernel_width != 3 || conv->kernel_height != 3) {
      add_inside(conv, windows);
    } else if (size == BNM_SMALL_TAPS) {
      bnm_add_small_windows3x3(windows);
    } else {
      bnm_add_windows3x3(windows);
    }
  }
  if ((conv->padding_y | conv->padding_x) != 0) add_border(conv, grid, plane, taps, y);
}

void bnm_conv_rows(const bnm_conv2d *conv, uint16_t channel, const int8_t *x, int16_t *taps, uint16_t first, uint16_t rows, int32_t *y) {
  const uint8_t *weights = conv->weights + channel * conv->row_bytes;
  const uint16_t kernel = (uint16_t)(conv->kernel_height * conv->kernel_width);
  const uint16_t plane = conv->height * conv->width;
  int32_t *const end = y + (uint16_t)(rows * conv->out_width);
  struct grid grid;
  for (int32_t *to = y; to != end; to++) *to = 0;
  set_up(conv, first, rows, y, &grid);
  uint16_t position = 0;
  for (uint16_t left = conv->group_inputs; left != 0; left--, position += kernel, x += plane) {
    conv->unpack(weights, position, kernel, taps);
    const uint8_t size = bnm_narrow_taps(taps, kernel);
    if (size != BNM_LARGE_TAPS) {
      add_plane(conv, &grid, x, (const int8_t *)taps, size, y);
      continue;
    }
    for (uint8_t is_rest = 0; is_rest != 2; is_rest++) {
      conv->unpack(weights, position, kernel, taps);
      bnm_split_taps(taps, kernel, is_rest);
      add_plane(conv, &grid, x, (const int8_t *)taps, size, y);
    }
  }
}
