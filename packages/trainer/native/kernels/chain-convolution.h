// Convolutions of one sample and LANES channels: maps are arrays of vectors, a vector is one position's channels.
// `full` convolutions read scalar maps (all input channels), depthwise ones read vectors. Weights lie one kernel position after
// another, `step` floats apart. 3×3 and 5×5 kernels with stride 1 and without padding are unrolled; all others are plain loops.
#pragma once
#include "../engine.h"

typedef struct {
  int32_t channels, in_height, in_width, height, width, kernel_height, kernel_width, stride_y, stride_x, padding;
} Geometry;

#if LANES == 16
#define TILE_POSITIONS 8
#else
#define TILE_POSITIONS 4
#endif

INLINE int is_plain(const Geometry *g) { return g->stride_y == 1 && g->stride_x == 1 && g->padding == 0; }

/** Splits `width` into as few tiles as possible, all about the same size; calls TILE(n) with a constant n. */
#if TILE_POSITIONS == 8
#define EACH_TILE(TILE)                                                                                                \
  case 8: TILE(8); break;                                                                                              \
  case 7: TILE(7); break;                                                                                              \
  case 6: TILE(6); break;                                                                                              \
  case 5: TILE(5); break;
#else
#define EACH_TILE(TILE)
#endif
#define TILES(WIDTH, TILE)                                                                                             \
  for (int32_t x = 0, tiles = ((WIDTH) + TILE_POSITIONS - 1) / TILE_POSITIONS; tiles > 0; tiles--) {                   \
    const int32_t n = ((WIDTH) - x + tiles - 1) / tiles;                                                               \
    switch (n) {                                                                                                       \
      EACH_TILE(TILE)                                                                                                  \
      case 4: TILE(4); break;                                                                                          \
      case 3: TILE(3); break;                                                                                          \
      case 2: TILE(2); break;                                                                                          \
      default: TILE(1); break;                                                                                         \
    }                                                                                                                  \
    x += n;                                                                                                            \
  }

INLINE vf rectified(vf v, int relu) { return relu ? max_(v, splat(0)) : v; }

// Depthwise forward

INLINE void depthwise_tile(int n, int kh, int kw, const vf *x, ptrdiff_t row, const float *w, ptrdiff_t step, vf bias, int relu, vf *y) {
  vf sum[TILE_POSITIONS];
  UNROLL for (int i = 0; i < n; i++) sum[i] = bias;
  UNROLL for (int ky = 0; ky < kh; ky++) {
    vf in[TILE_POSITIONS + 4];
    UNROLL for (int i = 0; i < n + kw - 1; i++) in[i] = x[ky * row + i];
    UNROLL for (int kx = 0; kx < kw; kx++) {
      const vf weight = load(w + (ky * kw + kx) * step);
      UNROLL for (int i = 0; i < n; i++) sum[i] = fma_(weight, in[i + kx], sum[i]);
    }
  }
  UNROLL for (int i = 0; i < n; i++) y[i] = rectified(sum[i], relu);
}

INLINE void depthwise_rows(int kh, int kw, const Geometry *g, const vf *x, const float *w, ptrdiff_t step, vf bias, int relu, vf *y) {
  for (int32_t row = 0; row < g->height; row++) {
    const vf *in = x + (ptrdiff_t)row * g->in_width;
    vf *out = y + (ptrdiff_t)row * g->width;
#define TILE(N) depthwise_tile(N, kh, kw, in + x, g->in_width, w, step, bias, relu, out + x)
    TILES(g->width, TILE)
#undef TILE
  }
}

static void depthwise_forward(const Geometry *g, const vf *x, const float *w, ptrdiff_t step, vf bias, int relu, vf *y) {
  if (is_plain(g) && g->kernel_height == 3 && g->kernel_width == 3) {
    depthwise_rows(3, 3, g, x, w, step, bias, relu, y);
  } else if (is_plain(g) && g->kernel_height == 5 && g->kernel_width == 5) {
    depthwise_rows(5, 5, g, x, w, step, bias, relu, y);
  } else {
    for (int32_t oy = 0; oy < g->height; oy++)
      for (int32_t ox = 0; ox < g->width; ox++) {
        vf sum = bias;
        for (int32_t ky = 0; ky < g->kernel_height; ky++) {
          const int32_t iy = oy * g->stride_y + ky - g->padding;
          if (iy < 0 || iy >= g->in_height) continue;
          for (int32_t kx = 0; kx < g->kernel_width; kx++) {
            const int32_t ix = ox * g->stride_x + kx - g->padding;
            if (ix < 0 || ix >= g->in_width) continue;
            sum = fma_(load(w + (ky * g->kernel_width + kx) * step), x[(ptrdiff_t)iy * g->in_width + ix], sum);
          }
        }
        y[(ptrdiff_t)oy * g->width + ox] = rectified(sum, relu);
      }
  }
}

// Full forward

INLINE void full_tile(int n, int kh, int kw, const Geometry *g, const float *x, const float *w, ptrdiff_t step, vf bias, int relu, vf *y) {
  vf sum[TILE_POSITIONS];
  UNROLL for (int i = 0; i < n; i++) sum[i] = bias;
  for (int32_t c = 0; c < g->channels; c++, x += (ptrdiff_t)g->in_height * g->in_width, w += kh * kw * step) {
    UNROLL for (int ky = 0; ky < kh; ky++) {
      UNROLL for (int kx = 0; kx < kw; kx++) {
        const vf weight = load(w + (ky * kw + kx) * step);
        const float *in = x + (ptrdiff_t)ky * g->in_width + kx;
        UNROLL for (int i = 0; i < n; i++) sum[i] = fma_(splat(in[i]), weight, sum[i]);
      }
    }
  }
  UNROLL for (int i = 0; i < n; i++) y[i] = rectified(sum[i], relu);
}

INLINE void full_rows(int kh, int kw, const Geometry *g, const float *x, const float *w, ptrdiff_t step, vf bias, int relu, vf *y) {
  for (int32_t row = 0; row < g->height; row++) {
    const float *in = x + (ptrdiff_t)row * g->in_width;
    vf *out = y + (ptrdiff_t)row * g->width;
#define TILE(N) full_tile(N, kh, kw, g, in + x, w, step, bias, relu, out + x)
    TILES(g->width, TILE)
#undef TILE
  }
}

static void full_forward(const Geometry *g, const float *x, const float *w, ptrdiff_t step, vf bias, int relu, vf *y) {
  if (is_plain(g) && g->kernel_height == 3 && g->kernel_width == 3) {
    full_rows(3, 3, g, x, w, step, bias, relu, y);
  } else if (is_plain(g) && g->kernel_height == 5 && g->kernel_width == 5) {
    full_rows(5, 5, g, x, w, step, bias, relu, y);
  } else {
    for (int32_t oy = 0; oy < g->height; oy++)
      for (int32_t ox = 0; ox < g->width; ox++) {
        vf sum = bias;
        for (int32_t c = 0; c < g->channels; c++)
          for (int32_t ky = 0; ky < g->kernel_height; ky++) {
            const int32_t iy = oy * g->stride_y + ky - g->padding;
            if (iy < 0 || iy >= g->in_height) continue;
            for (int32_t kx = 0; kx < g->kernel_width; kx++) {
              const int32_t ix = ox * g->stride_x + kx - g->padding;
              if (ix < 0 || ix >= g->in_width) continue;
              const vf weight = load(w + ((c * g->kernel_height + ky) * g->kernel_width + kx) * step);
              sum = fma_(splat(x[((ptrdiff_t)c * g->in_height + iy) * g->in_width + ix]), weight, sum);
            }
          }
        y[(ptrdiff_t)oy * g->width + ox] = rectified(sum, relu);
      }
  }
}

// Gradients. dy is a map with kernel_width − 1 columns of zeros on either side (see padded_width).

INLINE int32_t padded_width(const Geometry *g) { return g->width + 2 * (g->kernel_width - 1); }

/** dw[k] += Σ dy·x over the map; dw lies as vectors, one kernel position after another. */
INLINE void depthwise_weight_rows(int kh, int kw, const Geometry *g, const vf *x, const vf *dy, vf *dw) {
  const int32_t dy_row = padded_width(g);
  vf sum[25];
  UNROLL for (int k = 0; k < kh * kw; k++) sum[k] = dw[k];
  for (int32_t row = 0; row < g->height; row++) {
    const vf *in = x + (ptrdiff_t)row * g->in_width, *gradient = dy + (ptrdiff_t)row * dy_row + kw - 1;
    for (int32_t i = 0; i < g->width; i++, in++) {
      const vf d = gradient[i];
      UNROLL for (int ky = 0; ky < kh; ky++) {
        UNROLL for (int kx = 0; kx < kw; kx++) sum[ky * kw + kx] = fma_(d, in[ky * g->in_width + kx], sum[ky * kw + kx]);
      }
    }
  }
  UNROLL for (int k = 0; k < kh * kw; k++) dw[k] = sum[k];
}

static void depthwise_weight_gradient(const Geometry *g, const vf *x, const vf *dy, vf *dw) {
  if (is_plain(g) && g->kernel_height == 3 && g->kernel_width == 3) {
    depthwise_weight_rows(3, 3, g, x, dy, dw);
  } else if (is_plain(g) && g->kernel_height == 5 && g->kernel_width == 5) {
    depthwise_weight_rows(5, 5, g, x, dy, dw);
  } else {
    const int32_t dy_row = padded_width(g);
    for (int32_t ky = 0; ky < g->kernel_height; ky++)
      for (int32_t kx = 0; kx < g->kernel_width; kx++) {
        vf sum = dw[ky * g->kernel_width + kx];
        for (int32_t oy = 0; oy < g->height; oy++) {
          const int32_t iy = oy * g->stride_y + ky - g->padding;
          if (iy < 0 || iy >= g->in_height) continue;
          for (int32_t ox = 0; ox < g->width; ox++) {
            const int32_t ix = ox * g->stride_x + kx - g->padding;
            if (ix < 0 || ix >= g->in_width) continue;
            sum = fma_(dy[(ptrdiff_t)oy * dy_row + g->kernel_width - 1 + ox], x[(ptrdiff_t)iy * g->in_width + ix], sum);
          }
        }
        dw[ky * g->kernel_width + kx] = sum;
      }
  }
}

INLINE void full_weight_rows(int kh, int kw, const Geometry *g, const float *x, const vf *dy, vf *dw) {
  const int32_t dy_row = padded_width(g);
  for (int32_t c = 0; c < g->channels; c++, x += (ptrdiff_t)g->in_height * g->in_width, dw += kh * kw) {
    vf sum[25];
    UNROLL for (int k = 0; k < kh * kw; k++) sum[k] = dw[k];
    for (int32_t row = 0; row < g->height; row++) {
      const float *in = x + (ptrdiff_t)row * g->in_width;
      const vf *gradient = dy + (ptrdiff_t)row * dy_row + kw - 1;
      for (int32_t i = 0; i < g->width; i++, in++) {
        const vf d = gradient[i];
        UNROLL for (int ky = 0; ky < kh; ky++) {
          UNROLL for (int kx = 0; kx < kw; kx++)
            sum[ky * kw + kx] = fma_(splat(in[ky * g->in_width + kx]), d, sum[ky * kw + kx]);
        }
      }
    }
    UNROLL for (int k = 0; k < kh * kw; k++) dw[k] = sum[k];
  }
}

static void full_weight_gradient(const Geometry *g, const float *x, const vf *dy, vf *dw) {
  if (is_plain(g) && g->kernel_height == 3 && g->kernel_width == 3) {
    full_weight_rows(3, 3, g, x, dy, dw);
  } else if (is_plain(g) && g->kernel_height == 5 && g->kernel_width == 5) {
    full_weight_rows(5, 5, g, x, dy, dw);
  } else {
    const int32_t dy_row = padded_width(g);
    for (int32_t c = 0; c < g->channels; c++)
      for (int32_t ky = 0; ky < g->kernel_height; ky++)
        for (int32_t kx = 0; kx < g->kernel_width; kx++, dw++) {
          vf sum = *dw;
          for (int32_t oy = 0; oy < g->height; oy++) {
            const int32_t iy = oy * g->stride_y + ky - g->padding;
            if (iy < 0 || iy >= g->in_height) continue;
            for (int32_t ox = 0; ox < g->width; ox++) {
              const int32_t ix = ox * g->stride_x + kx - g->padding;
              if (ix < 0 || ix >= g->in_width) continue;
              const float in = x[((ptrdiff_t)c * g->in_height + iy) * g->in_width + ix];
              sum = fma_(dy[(ptrdiff_t)oy * dy_row + g->kernel_width - 1 + ox], splat(in), sum);
            }
          }
          *dw = sum;
        }
  }
}

/** One row of dx: the rows of dy between `first` and `last` that its input row meets, kernel rows ky = y − row. */
INLINE void depthwise_input_tile(int n, int kh, int kw, int32_t y, const Geometry *g, const vf *dy, ptrdiff_t row, const float *w, ptrdiff_t step, vf *dx) {
  vf sum[TILE_POSITIONS];
  UNROLL for (int i = 0; i < n; i++) sum[i] = (vf){0};
  UNROLL for (int ky = 0; ky < kh; ky++) {
    if (y - ky < 0 || y - ky >= g->height) continue;
    vf in[TILE_POSITIONS + 4];
    UNROLL for (int i = 0; i < n + kw - 1; i++) in[i] = dy[(y - ky) * row + i];
    UNROLL for (int kx = 0; kx < kw; kx++) {
      const vf weight = load(w + (ky * kw + kw - 1 - kx) * step);
      UNROLL for (int i = 0; i < n; i++) sum[i] = fma_(weight, in[i + kx], sum[i]);
    }
  }
  UNROLL for (int i = 0; i < n; i++) dx[i] = sum[i];
}

INLINE void depthwise_input_rows(int kh, int kw, const Geometry *g, const vf *dy, const float *w, ptrdiff_t step, vf *dx, ptrdiff_t dx_row) {
  const int32_t row = padded_width(g);
  for (int32_t y = 0; y < g->in_height; y++) {
#define TILE(N) depthwise_input_tile(N, kh, kw, y, g, dy + x, row, w, step, dx + y * dx_row + x)
    TILES(g->in_width, TILE)
#undef TILE
  }
}

/** dx = dL/dx of a depthwise convolution, rows `dx_row` vectors apart. */
static void depthwise_input_gradient(const Geometry *g, const vf *dy, const float *w, ptrdiff_t step, vf *dx, ptrdiff_t dx_row) {
  if (is_plain(g) && g->kernel_height == 3 && g->kernel_width == 3) {
    depthwise_input_rows(3, 3, g, dy, w, step, dx, dx_row);
  } else if (is_plain(g) && g->kernel_height == 5 && g->kernel_width == 5) {
    depthwise_input_rows(5, 5, g, dy, w, step, dx, dx_row);
  } else {
    const int32_t dy_row = padded_width(g);
    for (int32_t y = 0; y < g->in_height; y++)
      for (int32_t i = 0; i < g->in_width; i++) dx[y * dx_row + i] = (vf){0};
    for (int32_t oy = 0; oy < g->height; oy++)
      for (int32_t ox = 0; ox < g->width; ox++) {
        const vf d = dy[(ptrdiff_t)oy * dy_row + g->kernel_width - 1 + ox];
        for (int32_t ky = 0; ky < g->kernel_height; ky++) {
          const int32_t iy = oy * g->stride_y + ky - g->padding;
          if (iy < 0 || iy >= g->in_height) continue;
          for (int32_t kx = 0; kx < g->kernel_width; kx++) {
            const int32_t ix = ox * g->stride_x + kx - g->padding;
            if (ix < 0 || ix >= g->in_width) continue;
            vf *to = dx + (ptrdiff_t)iy * dx_row + ix;
            *to = fma_(load(w + (ky * g->kernel_width + kx) * step), d, *to);
          }
        }
      }
  }
}
