// The stages of a chain for one sample and LANES channels: convolution with ReLU, then pooling, and their gradients. `Stage` is one of
// native/records.json: `gradient` are partial gradients (for every chunk of samples, every kernel position, all channels; then the bias),
// `keep` the stage's maps by channel group and sample, where they are `kept` for the backward pass.
#pragma once
#include "chain-convolution-gradients.h"
#include "pooling.h"

/**
 * The maps of one stage for one sample: output of the convolution with ReLU, of the pooling, and where in the former each maximum came
 * from (of windows of 2×2 where in the window).
 */
typedef struct {
  vf *activation, *pooled;
  vi *origin;
} Maps;

INLINE int32_t conv_positions(const Stage *s) { return s->geometry.height * s->geometry.width; }
INLINE int32_t out_positions(const Stage *s) { return s->out_height * s->out_width; }
INLINE int32_t kernel_positions(const Stage *s) {
  const Geometry *g = &s->geometry;
  return (s->convolution == CONVOLUTION_FULL ? g->channels : 1) * g->kernel_height * g->kernel_width;
}
/** Vectors kept for a sample: what the backward pass reads of a stage that is not recomputed. */
INLINE int32_t kept_vectors(const Stage *s) {
  if (s->pool == POOL_MAX) return 2 * out_positions(s);
  return conv_positions(s) + (s->pool == POOL_AVERAGE ? out_positions(s) : 0);
}
INLINE const vf *stage_output(const Stage *s, const Maps *m) { return s->pool == POOL_NONE ? m->activation : m->pooled; }

static void pool_maximum(const Stage *s, const Maps *m) {
  const int32_t width = s->geometry.width;
  for (int32_t y = 0; y < s->out_height; y++) {
    const Span rows = window_rows(&s->pooling, y, s->geometry.height);
    for (int32_t x = 0; x < s->out_width; x++) {
      const Span columns = window_columns(&s->pooling, x, width);
      const int32_t first = rows.from * width + columns.from;
      vf best = m->activation[first];
      vi origin = (vi){0} + first;
      for (int32_t wy = rows.from; wy < rows.to; wy++)
        for (int32_t i = wy * width + columns.from; i < wy * width + columns.to; i++) {
          const vf value = m->activation[i];
          const vi greater = (vi)(value > best);
          best = max_(value, best);
          origin = (greater & i) | (~greater & origin);
        }
      const int32_t at = y * s->out_width + x;
      m->pooled[at] = best;
      // no gradient passes a ReLU that is off
      m->origin[at] = s->relu ? origin | ~(vi)(best > 0.0f) : origin;
    }
  }
}

static void pool_maximum_2x2(const Stage *s, const Maps *m) {
  const int32_t width = s->geometry.width;
  for (int32_t y = 0; y < s->out_height; y++)
    for (int32_t x = 0; x < s->out_width; x++) {
      const vf *window = m->activation + (ptrdiff_t)y * 2 * width + x * 2;
      const vf a = window[0], b = window[1], c = window[width], d = window[width + 1];
      const vf top = max_(b, a), bottom = max_(d, c), best = max_(bottom, top);
      const vi right_top = (vi)(b > a) & 1, right_bottom = ((vi)(d > c) & 1) | 2, lower = (vi)(bottom > top);
      const vi origin = (lower & right_bottom) | (~lower & right_top);
      const int32_t at = y * s->out_width + x;
      m->pooled[at] = best;
      m->origin[at] = s->relu ? origin | ~(vi)(best > 0.0f) : origin;
    }
}

static void pool_average(const Stage *s, const Maps *m) {
  const int32_t width = s->geometry.width;
  for (int32_t y = 0; y < s->out_height; y++) {
    const Span rows = window_rows(&s->pooling, y, s->geometry.height);
    for (int32_t x = 0; x < s->out_width; x++) {
      const Span columns = window_columns(&s->pooling, x, width);
      vf sum = {0};
      for (int32_t wy = rows.from; wy < rows.to; wy++)
        for (int32_t i = wy * width + columns.from; i < wy * width + columns.to; i++) sum += m->activation[i];
      m->pooled[y * s->out_width + x] = sum * mean_share(&s->pooling, rows, columns);
    }
  }
}

/** `vectors` is the stage's input, `scalars` (all input channels) that of a full convolution. */
static void stage_forward(Context *ctx, const Stage *s, int32_t group, const float *scalars, const vf *vectors, const Maps *m) {
  const Geometry *g = &s->geometry;
  const float *weights = at(ctx, s->weights) + group * LANES;
  const vf bias = s->bias ? load(at(ctx, s->bias) + group * LANES) : (vf){0};
  if (s->convolution == CONVOLUTION_FULL) {
    full_forward(g, scalars, weights, s->weight_stride, bias, s->relu, m->activation);
  } else {
    depthwise_forward(g, vectors, weights, s->weight_stride, bias, s->relu, m->activation);
  }
  if (s->pool == POOL_MAX && is_halving(&s->pooling)) pool_maximum_2x2(s, m);
  else if (s->pool == POOL_MAX) pool_maximum(s, m);
  else if (s->pool == POOL_AVERAGE) pool_average(s, m);
}

/** Zeroes the columns beside the map. */
static void clear_margins(const Geometry *g, vf *dy) {
  const int32_t margin = margin_of(g), row = dy_row(g);
  for (int32_t y = 0; y < g->height; y++)
    for (int32_t x = 0; x < margin; x++) dy[(ptrdiff_t)y * row + x] = dy[(ptrdiff_t)(y + 1) * row - 1 - x] = (vf){0};
}

/** Where the gradient of a stage's output can be written without a pass of its own: it only has to be masked by the ReLU. */
INLINE int writes_through(const Stage *s) { return s->pool == POOL_NONE; }

/** dL/d(stage output) → dL/d(convolution output), for stages with pooling. */
static void pool_gradient(const Stage *s, const Maps *m, const vf *gradient, vf *dy) {
  const int32_t row = dy_row(&s->geometry), margin = margin_of(&s->geometry), width = s->geometry.width, height = s->geometry.height;
  if (s->pool == POOL_MAX && is_halving(&s->pooling)) {
    for (int32_t y = 0; y < s->out_height; y++)
      for (int32_t x = 0; x < s->out_width; x++) {
        const vf d = gradient[y * s->out_width + x];
        const vi origin = m->origin[y * s->out_width + x];
        vf *to = dy + (ptrdiff_t)y * 2 * row + margin + x * 2;
        to[0] = keep_((vi)(origin == 0), d), to[1] = keep_((vi)(origin == 1), d);
        to[row] = keep_((vi)(origin == 2), d), to[row + 1] = keep_((vi)(origin == 3), d);
      }
    // an odd row or column is in no window
    for (int32_t x = 0; height % 2 && x < width; x++) dy[(ptrdiff_t)(height - 1) * row + margin + x] = (vf){0};
    for (int32_t y = 0; width % 2 && y < height; y++) dy[(ptrdiff_t)y * row + margin + width - 1] = (vf){0};
    return;
  }
  for (int32_t y = 0; y < height; y++)
    for (int32_t x = 0; x < width; x++) dy[(ptrdiff_t)y * row + margin + x] = (vf){0};
  for (int32_t y = 0; y < s->out_height; y++) {
    const Span rows = window_rows(&s->pooling, y, height);
    for (int32_t x = 0; x < s->out_width; x++) {
      const Span columns = window_columns(&s->pooling, x, width);
      const int32_t at = y * s->out_width + x;
      const vf d = s->pool == POOL_MAX ? gradient[at] : gradient[at] * mean_share(&s->pooling, rows, columns);
      for (int32_t wy = rows.from; wy < rows.to; wy++)
        for (int32_t wx = columns.from; wx < columns.to; wx++) {
          const int32_t i = wy * width + wx;
          vf *to = dy + (ptrdiff_t)wy * row + margin + wx;
          if (s->pool == POOL_MAX) *to += keep_((vi)(m->origin[at] == i), d);
          else *to += s->relu ? keep_((vi)(m->activation[i] > 0.0f), d) : d;
        }
    }
  }
}

/** The same without pooling: a copy into rows with margins, masked by the ReLU. */
static void pass_gradient(const Stage *s, const Maps *m, const vf *gradient, vf *dy) {
  const int32_t row = dy_row(&s->geometry), margin = margin_of(&s->geometry), width = s->geometry.width;
  for (int32_t y = 0; y < s->geometry.height; y++)
    for (int32_t x = 0; x < width; x++) {
      const vf d = gradient[(ptrdiff_t)y * width + x];
      dy[(ptrdiff_t)y * row + margin + x] = s->relu ? keep_((vi)(m->activation[(ptrdiff_t)y * width + x] > 0.0f), d) : d;
    }
}

/** Rows channel-major ↔ vectors; lanes beyond the last channel are 0. */
static void rows_to_vectors(const float *row, int32_t channels, int32_t group, int32_t positions, vf *to) {
  const int32_t lanes = channels - group * LANES < LANES ? channels - group * LANES : LANES;
  float *flat = (float *)to;
  if (lanes < LANES) memset(flat, 0, (size_t)positions * LANES * sizeof(float));
  for (int32_t lane = 0; lane < lanes; lane++) {
    const float *from = row + (ptrdiff_t)(group * LANES + lane) * positions;
    for (int32_t i = 0; i < positions; i++) flat[i * LANES + lane] = from[i];
  }
}

static void vectors_to_rows(const vf *from, int32_t channels, int32_t group, int32_t positions, float *row) {
  const int32_t lanes = channels - group * LANES < LANES ? channels - group * LANES : LANES;
  const float *flat = (const float *)from;
  for (int32_t lane = 0; lane < lanes; lane++) {
    float *to = row + (ptrdiff_t)(group * LANES + lane) * positions;
    for (int32_t i = 0; i < positions; i++) to[i] = flat[i * LANES + lane];
  }
}
