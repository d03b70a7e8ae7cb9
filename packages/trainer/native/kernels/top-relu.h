// 2·max(x − m/2, 0), m a sample's largest activation (at least 0).
#pragma once
#include "../engine.h"
#include "elementwise.h"

/** The largest of a row; its padding is 0, and so is the least answer. */
INLINE float row_maximum(const float *x, int32_t width) {
  vf parts[PARTS];
  for (int32_t part = 0; part < PARTS; part++) parts[part] = splat(0);
  EACH_PART(i, width) parts[part] = max_(parts[part], load(x + i));
  return maximum_(parts);
}

KERNEL topRelu(Context *ctx, const Op_topRelu *op) {
  const int32_t width = padded(op->features);
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *x = ROW(input, stride);
    float *y = ROW(output, stride);
    const vf half = splat(0.5f * row_maximum(x, width));
    for (int32_t i = 0; i < width; i += LANES) store(y + i, max_(load(x + i) - half, splat(0)) * 2.0f);
  }
}

/** Twice the gradient where x > m/2, 0 elsewhere; the first largest x, which is m, gets −1 times the sum of what passes. */
KERNEL topReluBackward(Context *ctx, const Op_topReluBackward *op) {
  const int32_t width = padded(op->features);
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *x = ROW(input, stride), *g = ROW(gradient, stride);
    float *to = ROW(output, stride);
    const float maximum = row_maximum(x, width);
    const vf half = splat(0.5f * maximum);
    vf parts[PARTS];
    for (int32_t part = 0; part < PARTS; part++) parts[part] = splat(0);
    EACH_PART(i, width) {
      const vf passed = select_((vi)(load(x + i) > half), load(g + i), splat(0));
      parts[part] += passed;
      store(to + i, passed * 2.0f);
    }
    const float sum = sum_(parts);
    if (!(maximum > 0)) continue;
    for (int32_t i = 0; i < op->features; i++) {
      if (x[i] != maximum) continue;
      to[i] -= sum;
      break;
    }
  }
}
