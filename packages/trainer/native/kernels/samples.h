// Samples by number: uint8 → preprocessed float rows, and their labels; logits back to the caller.
#pragma once
#include "../engine.h"

/** Rows ahead of the one being read: the order is random, so the caches cannot guess. */
enum { PREFETCH_ROWS = 6 };

/** Divides as quantizeInput of @bitnetmcu/models does: a reciprocal would round differently. */
KERNEL gatherSamples(Context *ctx, const Op_gatherSamples *op) {
  uint16_t *labels = (uint16_t *)at(ctx, op->labels);
  const int32_t width = padded(op->features);
  for (int32_t row = 0; row < ctx->batch; row++) {
    const uint32_t number = sample_number(ctx, row);
    const uint8_t *restrict bytes = ctx->samples + (size_t)number * (size_t)op->features;
    if (row + PREFETCH_ROWS < ctx->batch) {
      const uint8_t *next = ctx->samples + (size_t)sample_number(ctx, row + PREFETCH_ROWS) * (size_t)op->features;
      for (int32_t i = 0; i < op->features; i += 64) __builtin_prefetch(next + i);
    }
    float *restrict x = at(ctx, op->output) + (ptrdiff_t)row * op->stride;
    int32_t i = 0;
    for (; i + LANES <= op->features; i += LANES) store(x + i, (load_bytes(bytes + i) / op->divisor - op->mean) / op->deviation);
    for (; i < op->features; i++) x[i] = ((float)bytes[i] / op->divisor - op->mean) / op->deviation;
    for (; i < width; i++) x[i] = 0;
    labels[row] = ctx->labels[number];
  }
}

KERNEL storeLogits(Context *ctx, const Op_storeLogits *op) {
  if (!ctx->logits) return;
  float *to = ctx->logits + (size_t)(ctx->position - ctx->first) * (size_t)op->classes;
  for (int32_t row = 0; row < ctx->batch; row++, to += op->classes)
    memcpy(to, at(ctx, op->logits) + (ptrdiff_t)row * op->stride, (size_t)op->classes * sizeof(float));
}
