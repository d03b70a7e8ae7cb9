// Masks of pruned weights, a 0 or a 1 for each: a weight under a 0 is 0 in the passes, and nothing moves it.
#pragma once
#include "../engine.h"

/** The fake-quantized copies; formats without a zero level get one here. */
KERNEL maskWeights(Context *ctx, const Op_maskWeights *op) {
  const float *mask = at(ctx, op->mask);
  float *quantized = at(ctx, op->quantized), *transposed = at(ctx, op->transposed);
  for (int32_t row = 0; row < op->rows; row++) {
    for (int32_t i = 0; i < op->columns; i++) {
      if (mask[(ptrdiff_t)row * op->columns + i] != 0) continue;
      quantized[(ptrdiff_t)row * op->stride + i] = 0;
      transposed[(ptrdiff_t)i * op->transposedStride + row] = 0;
    }
  }
}

/** Before the update: moments of weights that were pruned stay 0. */
KERNEL maskGradient(Context *ctx, const Op_maskGradient *op) {
  for (int32_t row = 0; row < op->rows; row++) {
    const float *restrict mask = at(ctx, op->mask) + (ptrdiff_t)row * op->columns;
    float *restrict gradient = at(ctx, op->gradient) + (ptrdiff_t)row * op->gradientStride;
    for (int32_t i = 0; i < op->columns; i++) gradient[i] = mask[i] != 0 ? gradient[i] : 0;
  }
}

/** An output without any weight has no bias either. */
KERNEL maskBiasGradient(Context *ctx, const Op_maskBiasGradient *op) {
  float *gradient = at(ctx, op->gradient);
  for (int32_t row = 0; row < op->rows; row++) {
    const float *mask = at(ctx, op->mask) + (ptrdiff_t)row * op->columns;
    int32_t i = 0;
    while (i < op->columns && mask[i] == 0) i++;
    if (i == op->columns) gradient[row] = 0;
  }
}
