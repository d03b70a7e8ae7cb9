/* One output channel of a convolution over int8 planes. Interface: bnm.h. */
#include "bnm.h"
#include "bnm_conv2d_finish.h"
#include "bnm_products.h"

/* The outputs, in one direction, whose element at an offset in the window lies inside the plane. */
struct reach {
  unsigned first, count;
};

/* at   the element of the first output, negative where it lies in the padding */
static struct reach reach_of(int at, int stride, unsigned outputs, int extent) {
  struct reach reach = {0, outputs};
  for (; at < 0 && reach.count != 0; at += stride, reach.count--) reach.first++;
  for (int last = at + (int)reach.count * stride - stride; last >= extent && reach.count != 0; last -= stride) reach.count--;
  return reach;
}

/* Narrows the grid to the outputs whose element lies inside the plane; returns how many outputs lie before the first of them. */
static unsigned narrow(const bnm_conv2d *conv, int row, int column, struct bnm_products *grid) {
  const struct reach rows = reach_of(row, conv->stride_y, conv->out_height, (int)conv->height);
  const struct reach columns = reach_of(column, conv->stride_x, conv->out_width, (int)conv->width);
  grid->rows = rows.count;
  grid->columns = columns.count;
  grid->x_skip = conv->stride_y * (int)conv->width - (int)(columns.count * conv->stride_x);
  grid->y_skip = (int)(conv->out_width - columns.count);
  grid->x_first = rows.first * conv->stride_y * conv->width + columns.first * conv->stride_x;
  return rows.first * conv->out_width + columns.first;
}

/*
 * Weight by weight: those of 0 are nothing to do. Elements outside of the plane are 0.
 * grid  of the last weight: without padding all weights of a channel have the same, which is made where `rows` is 0
 */
static void add_plane(const bnm_conv2d *conv, const int8_t *plane, const int16_t *taps, struct bnm_products *grid, int32_t *y) {
  const int top = conv->padding_y, left = conv->padding_x;
  unsigned first = 0;
  for (int row = -top; row < conv->kernel_height - top; row++) {
    const int8_t *const line = plane + row * (int)conv->width;
    for (int column = -left; column < conv->kernel_width - left; column++) {
      const int32_t weight = *taps++;
      if (weight == 0) continue;
      if (top + left != 0 || grid->rows == 0) first = narrow(conv, row, column, grid);
      bnm_add_products(grid, line + (column + (int)grid->x_first), weight, y + first);
    }
  }
}

void bnm_conv2d_channel_i8(const bnm_conv2d *conv, uint16_t channel, const int8_t *x, int16_t *taps, int32_t *y) {
  const uint8_t *weights = conv->weights + (uint32_t)channel * conv->row_bytes;
  const uint16_t kernel = (uint16_t)(conv->kernel_height * conv->kernel_width);
  const unsigned outputs = (unsigned)conv->out_height * conv->out_width, elements = (unsigned)conv->height * conv->width;
  struct bnm_products grid;
  grid.x_step = conv->stride_x;
  grid.rows = 0;
  for (unsigned i = 0; i < outputs; i++) y[i] = 0;
  unsigned done = 0;
  for (unsigned input = 0; input < conv->group_inputs; input++) {
    conv->unpack(weights, (uint16_t)done, kernel, taps);
    add_plane(conv, x, taps, &grid, y);
    x += elements;
    done += kernel;
  }
  bnm_conv2d_finish(conv, channel, y);
}
