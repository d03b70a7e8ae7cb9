// Augmentation and resizing of uint8 images: affine and elastic deformation with bilinear sampling, and Pillow's antialiased
// bilinear resize. Plain loops over rows that compilers vectorize; every instruction set gives the same bytes.
#pragma once
#include "../interpreter.h"
#include "../vector.h"

/** Each pixel with its right, lower and lower right neighbour as four bytes, the image framed by `fill`. */
static void pack_neighbours(const uint8_t *source, int32_t height, int32_t width, uint8_t fill, uint32_t *packed) {
  // rows and columns −1 … height and −1 … width; the pixel beyond the frame is never weighted
  const int32_t columns = width + 2;
  for (int32_t y = -1; y <= height; y++) {
    const int upper = y >= 0 && y < height, lower = y + 1 >= 0 && y + 1 < height;
    const uint8_t *restrict top = source + (ptrdiff_t)y * width, *restrict bottom = top + width;
    uint32_t *restrict row = packed + (ptrdiff_t)(y + 1) * columns + 1;
    const uint32_t blank = fill * 0x01010101u;
    row[-1] = row[width] = row[width - 1] = blank;
    if (upper && lower)
      for (int32_t x = 0; x < width - 1; x++)
        row[x] = top[x] | (uint32_t)top[x + 1] << 8 | (uint32_t)bottom[x] << 16 | (uint32_t)bottom[x + 1] << 24;
    else if (upper)
      for (int32_t x = 0; x < width - 1; x++) row[x] = top[x] | (uint32_t)top[x + 1] << 8 | (blank & 0xffff0000u);
    else if (lower)
      for (int32_t x = 0; x < width - 1; x++) row[x] = (blank & 0xffffu) | (uint32_t)bottom[x] << 16 | (uint32_t)bottom[x + 1] << 24;
    else
      for (int32_t x = 0; x < width - 1; x++) row[x] = blank;
    if (upper) {
      row[-1] = (row[-1] & ~0x0000ff00u) | (uint32_t)top[0] << 8;
      row[width - 1] = (row[width - 1] & ~0x000000ffu) | top[width - 1];
    }
    if (lower) {
      row[-1] = (row[-1] & ~0xff000000u) | (uint32_t)bottom[0] << 24;
      row[width - 1] = (row[width - 1] & ~0x00ff0000u) | (uint32_t)bottom[width - 1] << 16;
    }
  }
}

/** Adds the displacement grid's values along one output row, interpolated bilinearly; `line` holds 2·grid_columns floats. */
static void displace_row(const AugmentJob *job, const float *grid, int32_t y, float *restrict line, float *restrict dx, float *restrict dy) {
  const int32_t columns = job->grid_columns;
  const float v = job->out_height > 1 ? (float)y * (float)(job->grid_rows - 1) / (float)(job->out_height - 1) : 0;
  int32_t row = (int32_t)v;
  if (row > job->grid_rows - 2) row = job->grid_rows - 2;
  const float down = v - (float)row;
  const float *above = grid + (ptrdiff_t)row * columns * 2, *below = above + columns * 2;
  for (int32_t i = 0; i < columns * 2; i++) line[i] = above[i] + (below[i] - above[i]) * down;
  const float step = job->out_width > 1 ? (float)(columns - 1) / (float)(job->out_width - 1) : 0;
  for (int32_t x = 0; x < job->out_width; x++) {
    const float u = (float)x * step;
    int32_t column = (int32_t)u;
    if (column > columns - 2) column = columns - 2;
    const float right = u - (float)column, *node = line + column * 2;
    dx[x] += node[0] + (node[2] - node[0]) * right;
    dy[x] += node[1] + (node[3] - node[1]) * right;
  }
}

/** Loads one by one: gather instructions are slower. */
#ifndef __clang__
__attribute__((optimize("no-tree-vectorize")))
#endif
static void look_up(int32_t count, const uint32_t *restrict table, const int32_t *restrict index, uint32_t *restrict values) {
  for (int32_t i = 0; i < count; i++) values[i] = table[index[i]];
}

/** Source positions of one output row → top left neighbour in `packed` and the fractions to its right and below. */
static void locate_row(const AugmentJob *job, int32_t columns, float *restrict sx, float *restrict sy, int32_t *restrict index) {
  const float right = (float)job->width, bottom = (float)job->height;
  const int32_t row_words = job->width + 2;
  for (int32_t x = 0; x < columns; x++) {
    // beyond the frame everything is `fill`; not-a-number goes there too
    float u = sx[x] > -1.0f ? sx[x] : -1.0f, v = sy[x] > -1.0f ? sy[x] : -1.0f;
    u = (u < right ? u : right) + 1.0f;
    v = (v < bottom ? v : bottom) + 1.0f;
    const int32_t column = (int32_t)u, row = (int32_t)v;
    sx[x] = u - (float)column;
    sy[x] = v - (float)row;
    index[x] = row * row_words + column;
  }
}

static void interpolate_row(int32_t columns, const uint32_t *restrict pixels, const float *restrict right, const float *restrict down, int32_t *restrict out) {
  for (int32_t x = 0; x < columns; x++) {
    const int32_t p = (int32_t)pixels[x];
    const float a = (float)(p & 255), b = (float)(p >> 8 & 255), c = (float)(p >> 16 & 255), d = (float)(p >> 24 & 255);
    const float top = a + (b - a) * right[x], bottom = c + (d - c) * right[x];
    out[x] = (int32_t)(top + (bottom - top) * down[x] + 0.5f);
  }
}

static void augment(const AugmentJob *job) {
  const int32_t height = job->height, width = job->width, out_width = job->out_width;
  // whole vectors: what lies beyond the row is computed and left out
  const int32_t columns = (out_width + 15) & ~15;
  const ptrdiff_t source_size = (ptrdiff_t)height * width, size = (ptrdiff_t)job->out_height * out_width;
  uint32_t *packed = job->scratch;
  float *sx = (float *)(packed + (ptrdiff_t)(height + 2) * (width + 2)), *sy = sx + columns;
  int32_t *index = (int32_t *)(sy + columns);
  uint32_t *pixels = (uint32_t *)(index + columns);
  float *line = (float *)(pixels + columns);
  for (int32_t image = 0; image < job->count; image++) {
    const ptrdiff_t number = job->indices ? job->indices[image] : (uint32_t)image;
    const float *m = job->matrices + (ptrdiff_t)image * 6;
    for (int32_t channel = 0; channel < job->channels; channel++) {
      pack_neighbours(job->source + (number * job->channels + channel) * source_size, height, width, job->fill, packed);
      uint8_t *out = job->destination + ((ptrdiff_t)image * job->channels + channel) * size;
      for (int32_t y = 0; y < job->out_height; y++, out += out_width) {
        const float x0 = m[1] * (float)y + m[2], y0 = m[4] * (float)y + m[5];
        for (int32_t x = 0; x < columns; x++) {
          sx[x] = m[0] * (float)x + x0;
          sy[x] = m[3] * (float)x + y0;
        }
        if (job->grid) displace_row(job, job->grid + (ptrdiff_t)image * job->grid_rows * job->grid_columns * 2, y, line, sx, sy);
        locate_row(job, columns, sx, sy, index);
        look_up(columns, packed, index, pixels);
        interpolate_row(columns, pixels, sx, sy, index);
        for (int32_t x = 0; x < out_width; x++) out[x] = (uint8_t)index[x];
      }
    }
  }
}

enum { RESIZE_BITS = 22 };

INLINE uint8_t clip8(int32_t sum) {
  sum >>= RESIZE_BITS;
  return (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
}

INLINE void resize_line(int32_t taps, int32_t outputs, const uint8_t *restrict from, const int32_t *restrict starts,
                        const int32_t *restrict coefficients, uint8_t *restrict to) {
  for (int32_t o = 0; o < outputs; o++, coefficients += taps) {
    const uint8_t *pixels = from + starts[o];
    int32_t sum = 1 << (RESIZE_BITS - 1);
    UNROLL for (int32_t k = 0; k < taps; k++) sum += coefficients[k] * pixels[k];
    to[o] = clip8(sum);
  }
}

/** Columns of one output row, eight at a time. */
static void resize_column(int32_t taps, int32_t width, const uint8_t *restrict rows, const int32_t *restrict coefficients, uint8_t *restrict to) {
  int32_t x = 0;
  for (; x + 8 <= width; x += 8) {
    int32_t sums[8];
    for (int32_t i = 0; i < 8; i++) sums[i] = 1 << (RESIZE_BITS - 1);
    for (int32_t k = 0; k < taps; k++)
      for (int32_t i = 0; i < 8; i++) sums[i] += coefficients[k] * rows[(ptrdiff_t)k * width + x + i];
    for (int32_t i = 0; i < 8; i++) to[x + i] = clip8(sums[i]);
  }
  for (; x < width; x++) {
    int32_t sum = 1 << (RESIZE_BITS - 1);
    for (int32_t k = 0; k < taps; k++) sum += coefficients[k] * rows[(ptrdiff_t)k * width + x];
    to[x] = clip8(sum);
  }
}

/** Rows first, rounded to 8 bits, then columns. Coefficients are padded with zeros to `taps`; a start leaves room for all taps. */
static void resize(const ResizeJob *job) {
  const int32_t height = job->height, width = job->width, out_height = job->out_height, out_width = job->out_width;
  uint8_t *narrowed = job->scratch;
  for (int32_t image = 0; image < job->count; image++) {
    const uint8_t *from = job->source + (ptrdiff_t)image * height * width;
    uint8_t *line = narrowed;
#define LINES(TAPS)                                                                                                    \
  for (int32_t y = 0; y < height; y++, from += width, line += out_width)                                               \
  resize_line(TAPS, out_width, from, job->across_starts, job->across, line)
    switch (job->across_taps) {
      case 2: LINES(2); break;
      case 3: LINES(3); break;
      case 5: LINES(5); break;
      case 7: LINES(7); break;
      default: LINES(job->across_taps);
    }
#undef LINES
    uint8_t *out = job->destination + (ptrdiff_t)image * out_height * out_width;
    for (int32_t o = 0; o < out_height; o++, out += out_width)
      resize_column(job->down_taps, out_width, narrowed + (ptrdiff_t)job->down_starts[o] * out_width,
                    job->down + (ptrdiff_t)o * job->down_taps, out);
  }
}
