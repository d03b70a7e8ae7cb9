// Gradients of the convolutions in chain-convolution.h. dy is a map whose rows begin with `margin` columns of zeros and end with as many
// (see dy_row).
#pragma once
#include "chain-convolution.h"

/** Columns of zeros on either side of dy: what dx reads beyond the map's edge. */
INLINE int32_t margin_of(const Geometry *g) { return g->kernel_width - 1; }
INLINE int32_t dy_row(const Geometry *g) { return g->width + 2 * margin_of(g); }

/** dw[k] += Σ dy·x over the map, two positions at a time; dw lies as vectors, one kernel position after another. */
INLINE void depthwise_weight_rows(int k, const Geometry *g, const vf *x, const vf *dy, vf *dw) {
  vf sum[25];
  UNROLL for (int i = 0; i < k * k; i++) sum[i] = dw[i];
  for (int32_t row = 0; row < g->height; row++) {
    const vf *in = x + (ptrdiff_t)row * g->in_width, *gradient = dy + (ptrdiff_t)row * dy_row(g) + margin_of(g);
    int32_t i = 0;
    for (; i + 2 <= g->width; i += 2, in += 2) {
      const vf d = gradient[i], e = gradient[i + 1];
      UNROLL for (int ky = 0; ky < k; ky++) {
        vf line[6];
        UNROLL for (int kx = 0; kx <= k; kx++) line[kx] = in[ky * g->in_width + kx];
        UNROLL for (int kx = 0; kx < k; kx++) sum[ky * k + kx] = fma_(d, line[kx], sum[ky * k + kx]);
        UNROLL for (int kx = 0; kx < k; kx++) sum[ky * k + kx] = fma_(e, line[kx + 1], sum[ky * k + kx]);
      }
    }
    for (; i < g->width; i++, in++) {
      const vf d = gradient[i];
      UNROLL for (int ky = 0; ky < k; ky++) {
        UNROLL for (int kx = 0; kx < k; kx++) sum[ky * k + kx] = fma_(d, in[ky * g->in_width + kx], sum[ky * k + kx]);
      }
    }
  }
  UNROLL for (int i = 0; i < k * k; i++) dw[i] = sum[i];
}

NOINLINE depthwise_weights_3(const Geometry *g, const vf *x, const vf *dy, vf *dw) { depthwise_weight_rows(3, g, x, dy, dw); }
NOINLINE depthwise_weights_5(const Geometry *g, const vf *x, const vf *dy, vf *dw) { depthwise_weight_rows(5, g, x, dy, dw); }

static void depthwise_weight_gradient(const Geometry *g, const vf *x, const vf *dy, vf *dw) {
  if (is_square(g, 3)) return depthwise_weights_3(g, x, dy, dw);
  if (is_square(g, 5)) return depthwise_weights_5(g, x, dy, dw);
  for (int32_t ky = 0; ky < g->kernel_height; ky++)
    for (int32_t kx = 0; kx < g->kernel_width; kx++) {
      vf sum = dw[ky * g->kernel_width + kx];
      for (int32_t oy = 0; oy < g->height; oy++) {
        const int32_t iy = oy * g->stride_y + ky - g->padding_y;
        if (iy < 0 || iy >= g->in_height) continue;
        for (int32_t ox = 0; ox < g->width; ox++) {
          const int32_t ix = ox * g->stride_x + kx - g->padding_x;
          if (ix < 0 || ix >= g->in_width) continue;
          sum = fma_(dy[(ptrdiff_t)oy * dy_row(g) + margin_of(g) + ox], x[(ptrdiff_t)iy * g->in_width + ix], sum);
        }
      }
      dw[ky * g->kernel_width + kx] = sum;
    }
}

INLINE void full_weight_rows(int k, const Geometry *g, const float *x, const vf *dy, vf *dw) {
  vf sum[25];
  UNROLL for (int i = 0; i < k * k; i++) sum[i] = dw[i];
  for (int32_t row = 0; row < g->height; row++) {
    const float *in = x + (ptrdiff_t)row * g->in_width;
    const vf *gradient = dy + (ptrdiff_t)row * dy_row(g) + margin_of(g);
    for (int32_t i = 0; i < g->width; i++, in++) {
      const vf d = gradient[i];
      UNROLL for (int ky = 0; ky < k; ky++) {
        const float *line = in + ky * g->in_width;
        UNROLL for (int kx = 0; kx < k; kx++) sum[ky * k + kx] = fma_(splat(line[kx]), d, sum[ky * k + kx]);
      }
    }
  }
  UNROLL for (int i = 0; i < k * k; i++) dw[i] = sum[i];
}

NOINLINE full_weights_3(const Geometry *g, const float *x, const vf *dy, vf *dw) { full_weight_rows(3, g, x, dy, dw); }
NOINLINE full_weights_5(const Geometry *g, const float *x, const vf *dy, vf *dw) { full_weight_rows(5, g, x, dy, dw); }

static void full_weight_gradient(const Geometry *g, const float *x, const vf *dy, vf *dw) {
  const ptrdiff_t size = (ptrdiff_t)g->in_height * g->in_width, taps = (ptrdiff_t)g->kernel_height * g->kernel_width;
  for (int32_t c = 0; c < g->channels; c++) {
    const float *map = x + c * size;
    if (is_square(g, 3)) {
      full_weights_3(g, map, dy, dw + c * taps);
      continue;
    }
    if (is_square(g, 5)) {
      full_weights_5(g, map, dy, dw + c * taps);
      continue;
    }
    for (int32_t ky = 0; ky < g->kernel_height; ky++)
      for (int32_t kx = 0; kx < g->kernel_width; kx++) {
        vf sum = dw[c * taps + ky * g->kernel_width + kx];
        for (int32_t oy = 0; oy < g->height; oy++) {
          const int32_t iy = oy * g->stride_y + ky - g->padding_y;
          if (iy < 0 || iy >= g->in_height) continue;
          for (int32_t ox = 0; ox < g->width; ox++) {
            const int32_t ix = ox * g->stride_x + kx - g->padding_x;
            if (ix < 0 || ix >= g->in_width) continue;
            sum = fma_(dy[(ptrdiff_t)oy * dy_row(g) + margin_of(g) + ox], splat(map[(ptrdiff_t)iy * g->in_width + ix]), sum);
          }
        }
        dw[c * taps + ky * g->kernel_width + kx] = sum;
      }
  }
}

/** Where `mask` is given, gradients pass only where it is positive. Rows of `mask` are rows of dx without margins. */
INLINE void input_strip(int n, int k, const vf *dy, int32_t dy_rows, vf *dx, const vf *mask, const Strip *s) {
  vf weights[25];
  UNROLL for (int i = 0; i < k * k; i++) weights[i] = load(s->weights + i * s->step);
  for (int32_t y = 0; y < s->rows; y++, dy += s->in_row, dx += s->out_row) {
    vf sum[TILE_POSITIONS];
    UNROLL for (int i = 0; i < n; i++) sum[i] = (vf){0};
    UNROLL for (int ky = 0; ky < k; ky++) {
      if (y - ky < 0 || y - ky >= dy_rows) continue;
      vf in[TILE_POSITIONS + 4];
      UNROLL for (int i = 0; i < n + k - 1; i++) in[i] = dy[i - ky * s->in_row];
      UNROLL for (int kx = 0; kx < k; kx++) {
        UNROLL for (int i = 0; i < n; i++) sum[i] = fma_(weights[ky * k + k - 1 - kx], in[i + kx], sum[i]);
      }
    }
    UNROLL for (int i = 0; i < n; i++) dx[i] = mask ? keep_((vi)(mask[i] > 0.0f), sum[i]) : sum[i];
    if (mask) mask += s->width;
  }
}

typedef void (*InputStrip)(const vf *, int32_t, vf *, const vf *, const Strip *);
#define INPUT_STRIP(N, K)                                                                                              \
  NOINLINE input_##N##x##K(const vf *dy, int32_t dy_rows, vf *dx, const vf *mask, const Strip *s) {                    \
    input_strip(N, K, dy, dy_rows, dx, mask, s);                                                                       \
  }
EACH_WIDTH(INPUT_STRIP, 3)
EACH_WIDTH(INPUT_STRIP, 5)
static const InputStrip INPUT_3[] = BY_WIDTH(input_, 3), INPUT_5[] = BY_WIDTH(input_, 5);

/** dx = dL/dx of a depthwise convolution, rows `dx_row` vectors apart, 0 where `mask` (if any) is not positive. */
static void depthwise_input_gradient(const Geometry *g, const vf *dy, const float *w, ptrdiff_t step, vf *dx, ptrdiff_t dx_row, const vf *mask) {
  if (is_square(g, 3) || is_square(g, 5)) {
    const InputStrip *strips = g->kernel_width == 3 ? INPUT_3 : INPUT_5;
    const Strip s = {g->in_height, g->in_width, dy_row(g), dx_row, w, step, {0}, 0};
    EACH_STRIP(g->in_width, strips[n - 1](dy + column, g->height, dx + column, mask ? mask + column : NULL, &s))
    return;
  }
  for (int32_t y = 0; y < g->in_height; y++)
    for (int32_t i = 0; i < g->in_width; i++) dx[y * dx_row + i] = (vf){0};
  for (int32_t oy = 0; oy < g->height; oy++)
    for (int32_t ox = 0; ox < g->width; ox++) {
      const vf d = dy[(ptrdiff_t)oy * dy_row(g) + margin_of(g) + ox];
      for (int32_t ky = 0; ky < g->kernel_height; ky++) {
        const int32_t iy = oy * g->stride_y + ky - g->padding_y;
        if (iy < 0 || iy >= g->in_height) continue;
        for (int32_t kx = 0; kx < g->kernel_width; kx++) {
          const int32_t ix = ox * g->stride_x + kx - g->padding_x;
          if (ix < 0 || ix >= g->in_width) continue;
          vf *to = dx + (ptrdiff_t)iy * dx_row + ix;
          *to = fma_(load(w + (ky * g->kernel_width + kx) * step), d, *to);
        }
      }
    }
  for (int32_t y = 0; mask && y < g->in_height; y++)
    for (int32_t i = 0; i < g->in_width; i++)
      dx[y * dx_row + i] = keep_((vi)(mask[(ptrdiff_t)y * g->in_width + i] > 0.0f), dx[y * dx_row + i]);
}
