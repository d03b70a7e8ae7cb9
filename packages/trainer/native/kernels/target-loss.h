// Loss terms that compare each logit with a number of its own (ctx->targets), and how such samples are counted. Losses are means over the outputs.
#pragma once
#include "loss.h"

static const float *row_targets(const Context *ctx, int32_t row, int32_t outputs) {
  return ctx->targets + (size_t)sample_number(ctx, row) * (size_t)outputs;
}

/** Writes or adds scale·slope of each logit; padding is left zero. */
INLINE void put_gradient(float *g, const float *slope, int32_t outputs, float scale, int32_t accumulate) {
  for (int32_t i = 0; i < padded(outputs); i++) g[i] = (accumulate ? g[i] : 0) + (i < outputs ? scale * slope[i] : 0);
}

/** Σ over samples of 1 − mean (z − t)²: with targets of variance 1, samples times the share of it that is explained. */
KERNEL countExplained(Context *ctx, const Op_countExplained *op) {
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *z = at(ctx, op->logits) + (ptrdiff_t)row * op->stride, *t = row_targets(ctx, row, op->classes);
    float squares = 0;
    for (int32_t i = 0; i < op->classes; i++) squares += (z[i] - t[i]) * (z[i] - t[i]);
    ctx->correct += summand(1 - squares / (float)op->classes);
  }
}

/** Samples of which every label is told right by the sign of its logit. */
KERNEL countExact(Context *ctx, const Op_countExact *op) {
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *z = at(ctx, op->logits) + (ptrdiff_t)row * op->stride, *t = row_targets(ctx, row, op->classes);
    int32_t exact = 1;
    for (int32_t i = 0; i < op->classes; i++) exact &= (z[i] > 0) == (t[i] > 0.5f);
    ctx->correct += exact;
  }
}

KERNEL meanSquaredError(Context *ctx, const Op_meanSquaredError *op) {
  const float share = 1 / (float)op->classes, scale = op->weight * share / (float)ctx->batch;
  float slope[padded(op->classes)];
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *z = at(ctx, op->logits) + (ptrdiff_t)row * op->stride, *t = row_targets(ctx, row, op->classes);
    float squares = 0;
    for (int32_t i = 0; i < op->classes; i++) {
      const float error = z[i] - t[i];
      squares += error * error;
      slope[i] = 2 * error;
    }
    ctx->loss += summand(op->weight * squares * share);
    if (op->gradient)
      put_gradient(at(ctx, op->gradient) + (ptrdiff_t)row * op->stride, slope, op->classes, scale, op->accumulate);
  }
}

/** |e| ≤ delta: e²/2, beyond: delta·(|e| − delta/2) (Huber 1964). */
KERNEL huber(Context *ctx, const Op_huber *op) {
  const float share = 1 / (float)op->classes, scale = op->weight * share / (float)ctx->batch, delta = op->delta;
  float slope[padded(op->classes)];
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *z = at(ctx, op->logits) + (ptrdiff_t)row * op->stride, *t = row_targets(ctx, row, op->classes);
    float loss = 0;
    for (int32_t i = 0; i < op->classes; i++) {
      const float error = z[i] - t[i], size = error < 0 ? -error : error;
      loss += size <= delta ? error * error / 2 : delta * (size - delta / 2);
      slope[i] = size <= delta ? error : error < 0 ? -delta : delta;
    }
    ctx->loss += summand(op->weight * loss * share);
    if (op->gradient)
      put_gradient(at(ctx, op->gradient) + (ptrdiff_t)row * op->stride, slope, op->classes, scale, op->accumulate);
  }
}

/** −t·log σ(z) − (1 − t)·log(1 − σ(z)), as max(z, 0) − z·t + log(1 + exp(−|z|)); the slope is σ(z) − t. */
KERNEL binaryCrossEntropy(Context *ctx, const Op_binaryCrossEntropy *op) {
  const int32_t width = padded(op->classes);
  const float share = 1 / (float)op->classes, scale = op->weight * share / (float)ctx->batch;
  float slope[width], exponential[width];
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *z = at(ctx, op->logits) + (ptrdiff_t)row * op->stride, *t = row_targets(ctx, row, op->classes);
    for (int32_t i = 0; i < width; i++) exponential[i] = i < op->classes ? (z[i] > 0 ? -z[i] : z[i]) : 0;
    for (int32_t i = 0; i < width; i += LANES) store(exponential + i, exp_(load(exponential + i)));
    float loss = 0;
    for (int32_t i = 0; i < op->classes; i++) {
      const float e = exponential[i];
      loss += (z[i] > 0 ? z[i] : 0) - z[i] * t[i] + log_scalar(1 + e);
      slope[i] = (z[i] > 0 ? 1 : e) / (1 + e) - t[i];
    }
    ctx->loss += summand(op->weight * loss * share);
    if (op->gradient)
      put_gradient(at(ctx, op->gradient) + (ptrdiff_t)row * op->stride, slope, op->classes, scale, op->accumulate);
  }
}
