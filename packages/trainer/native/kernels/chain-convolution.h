// Convolutions of one sample and LANES channels: maps are arrays of vectors, a vector is one position's channels.
// `full` convolutions read scalar maps (all input channels), depthwise ones read vectors. Weights lie one kernel position after
// another, `step` floats apart. 3×3 and 5×5 kernels with stride 1 and without padding are unrolled; all others are plain loops.
#pragma once
#include "../engine.h"

#if LANES == 16
#define TILE_POSITIONS 8
#else
#define TILE_POSITIONS 4
#endif

INLINE int is_plain(const Geometry *g) { return g->stride_y == 1 && g->stride_x == 1 && g->padding_y == 0 && g->padding_x == 0; }

INLINE vf rectified(vf v, int relu) { return relu ? max_(v, splat(0)) : v; }

/**
 * A strip: a few neighbouring columns of the result over all rows, so that a kernel's weights stay in registers.
 * Strip functions are made for every number of columns up to TILE_POSITIONS, for 3×3 and 5×5 kernels.
 */
typedef struct {
  /** Sizes of the map that is written, and the row distances of both maps. */
  int32_t rows, width;
  ptrdiff_t in_row, out_row;
  const float *weights;
  /** Floats between two kernel positions. */
  ptrdiff_t step;
  vf bias;
  int relu;
} Strip;

#if TILE_POSITIONS == 8
#define EACH_WIDTH(DEFINE, K) DEFINE(1, K) DEFINE(2, K) DEFINE(3, K) DEFINE(4, K) DEFINE(5, K) DEFINE(6, K) DEFINE(7, K) DEFINE(8, K)
#define BY_WIDTH(NAME, K) {NAME##1x##K, NAME##2x##K, NAME##3x##K, NAME##4x##K, NAME##5x##K, NAME##6x##K, NAME##7x##K, NAME##8x##K}
#else
#define EACH_WIDTH(DEFINE, K) DEFINE(1, K) DEFINE(2, K) DEFINE(3, K) DEFINE(4, K)
#define BY_WIDTH(NAME, K) {NAME##1x##K, NAME##2x##K, NAME##3x##K, NAME##4x##K}
#endif
#define NOINLINE static __attribute__((noinline)) void

/** Splits the columns into as few strips as possible, all about the same width. */
#define EACH_STRIP(WIDTH, CALL)                                                                                        \
  for (int32_t at_ = 0, left = ((WIDTH) + TILE_POSITIONS - 1) / TILE_POSITIONS; left > 0; left--) {                    \
    const int32_t column = at_, n = ((WIDTH) - column + left - 1) / left;                                              \
    CALL;                                                                                                              \
    at_ += n;                                                                                                          \
  }

// Depthwise forward

INLINE void depthwise_strip(int n, int k, const vf *x, vf *y, const Strip *s) {
  vf weights[25];
  UNROLL for (int i = 0; i < k * k; i++) weights[i] = load(s->weights + i * s->step);
  for (int32_t row = 0; row < s->rows; row++, x += s->in_row, y += s->out_row) {
    vf sum[TILE_POSITIONS];
    UNROLL for (int i = 0; i < n; i++) sum[i] = s->bias;
    UNROLL for (int ky = 0; ky < k; ky++) {
      vf in[TILE_POSITIONS + 4];
      UNROLL for (int i = 0; i < n + k - 1; i++) in[i] = x[ky * s->in_row + i];
      UNROLL for (int kx = 0; kx < k; kx++) {
        UNROLL for (int i = 0; i < n; i++) sum[i] = fma_(weights[ky * k + kx], in[i + kx], sum[i]);
      }
    }
    UNROLL for (int i = 0; i < n; i++) y[i] = rectified(sum[i], s->relu);
  }
}

typedef void (*DepthwiseStrip)(const vf *, vf *, const Strip *);
#define DEPTHWISE_STRIP(N, K) NOINLINE depthwise_##N##x##K(const vf *x, vf *y, const Strip *s) { depthwise_strip(N, K, x, y, s); }
EACH_WIDTH(DEPTHWISE_STRIP, 3)
EACH_WIDTH(DEPTHWISE_STRIP, 5)
static const DepthwiseStrip DEPTHWISE_3[] = BY_WIDTH(depthwise_, 3), DEPTHWISE_5[] = BY_WIDTH(depthwise_, 5);

INLINE int is_square(const Geometry *g, int k) { return is_plain(g) && g->kernel_height == k && g->kernel_width == k; }

static void depthwise_forward(const Geometry *g, const vf *x, const float *w, ptrdiff_t step, vf bias, int relu, vf *y) {
  if (is_square(g, 3) || is_square(g, 5)) {
    const Strip s = {g->height, g->width, g->in_width, g->width, w, step, bias, relu};
    const DepthwiseStrip *strips = g->kernel_width == 3 ? DEPTHWISE_3 : DEPTHWISE_5;
    EACH_STRIP(g->width, strips[n - 1](x + column, y + column, &s))
    return;
  }
  for (int32_t oy = 0; oy < g->height; oy++)
    for (int32_t ox = 0; ox < g->width; ox++) {
      vf sum = bias;
      for (int32_t ky = 0; ky < g->kernel_height; ky++) {
        const int32_t iy = oy * g->stride_y + ky - g->padding_y;
        if (iy < 0 || iy >= g->in_height) continue;
        for (int32_t kx = 0; kx < g->kernel_width; kx++) {
          const int32_t ix = ox * g->stride_x + kx - g->padding_x;
          if (ix < 0 || ix >= g->in_width) continue;
          sum = fma_(load(w + (ky * g->kernel_width + kx) * step), x[(ptrdiff_t)iy * g->in_width + ix], sum);
        }
      }
      y[(ptrdiff_t)oy * g->width + ox] = rectified(sum, relu);
    }
}

// Full forward

/** Adds one input channel; the first sets the sums to the bias, the last applies the ReLU. */
INLINE void full_strip(int n, int k, const float *x, vf *y, const Strip *s, int first, int last) {
  vf weights[25];
  UNROLL for (int i = 0; i < k * k; i++) weights[i] = load(s->weights + i * s->step);
  for (int32_t row = 0; row < s->rows; row++, x += s->in_row, y += s->out_row) {
    vf sum[TILE_POSITIONS];
    UNROLL for (int i = 0; i < n; i++) sum[i] = first ? s->bias : y[i];
    UNROLL for (int ky = 0; ky < k; ky++) {
      const float *in = x + ky * s->in_row;
      UNROLL for (int kx = 0; kx < k; kx++) {
        UNROLL for (int i = 0; i < n; i++) sum[i] = fma_(splat(in[i + kx]), weights[ky * k + kx], sum[i]);
      }
    }
    UNROLL for (int i = 0; i < n; i++) y[i] = rectified(sum[i], s->relu && last);
  }
}

typedef void (*FullStrip)(const float *, vf *, const Strip *, int, int);
#define FULL_STRIP(N, K)                                                                                               \
  NOINLINE full_##N##x##K(const float *x, vf *y, const Strip *s, int first, int last) { full_strip(N, K, x, y, s, first, last); }
EACH_WIDTH(FULL_STRIP, 3)
EACH_WIDTH(FULL_STRIP, 5)
static const FullStrip FULL_3[] = BY_WIDTH(full_, 3), FULL_5[] = BY_WIDTH(full_, 5);

static void full_forward(const Geometry *g, const float *x, const float *w, ptrdiff_t step, vf bias, int relu, vf *y) {
  if (is_square(g, 3) || is_square(g, 5)) {
    const FullStrip *strips = g->kernel_width == 3 ? FULL_3 : FULL_5;
    Strip s = {g->height, g->width, g->in_width, g->width, w, step, bias, relu};
    for (int32_t c = 0; c < g->channels; c++) {
      const float *map = x + (ptrdiff_t)c * g->in_height * g->in_width;
      EACH_STRIP(g->width, strips[n - 1](map + column, y + column, &s, c == 0, c == g->channels - 1))
      s.weights += g->kernel_height * g->kernel_width * step;
    }
    return;
  }
  for (int32_t oy = 0; oy < g->height; oy++)
    for (int32_t ox = 0; ox < g->width; ox++) {
      vf sum = bias;
      for (int32_t c = 0; c < g->channels; c++)
        for (int32_t ky = 0; ky < g->kernel_height; ky++) {
          const int32_t iy = oy * g->stride_y + ky - g->padding_y;
          if (iy < 0 || iy >= g->in_height) continue;
          for (int32_t kx = 0; kx < g->kernel_width; kx++) {
            const int32_t ix = ox * g->stride_x + kx - g->padding_x;
            if (ix < 0 || ix >= g->in_width) continue;
            const vf weight = load(w + ((c * g->kernel_height + ky) * g->kernel_width + kx) * step);
            sum = fma_(splat(x[((ptrdiff_t)c * g->in_height + iy) * g->in_width + ix]), weight, sum);
          }
        }
      y[(ptrdiff_t)oy * g->width + ox] = rectified(sum, relu);
    }
}
