// Row-wise operations without weights: bias, dropout, sums.
#pragma once
#include "../engine.h"

#define ROW(operand, stride) (at(ctx, op->operand) + (ptrdiff_t)row * op->stride)

KERNEL addBias(Context *ctx, const Op_addBias *op) {
  const float *restrict bias = at(ctx, op->bias);
  for (int32_t row = 0; row < ctx->batch; row++) {
    float *restrict y = ROW(values, stride);
    for (int32_t i = 0; i < op->features; i++) y[i] += bias[i];
  }
}

KERNEL columnSums(Context *ctx, const Op_columnSums *op) {
  float *restrict sums = at(ctx, op->output);
  for (int32_t i = 0; i < op->features; i++) sums[i] = 0;
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *restrict x = ROW(values, stride);
    for (int32_t i = 0; i < op->features; i++) sums[i] += x[i];
  }
}

KERNEL addTensors(Context *ctx, const Op_addTensors *op) {
  const int32_t width = padded(op->features);
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *x = ROW(input, inputStride);
    float *y = ROW(output, outputStride);
    for (int32_t i = 0; i < width; i += LANES) store(y + i, load(y + i) + load(x + i));
  }
}

/** output = scale · a + b; a alone where there is no b, scale 1 where there is none. */
KERNEL sumTensors(Context *ctx, const Op_sumTensors *op) {
  const int32_t width = padded(op->features);
  const vf scale = splat(op->scale ? *at(ctx, op->scale) : 1.0f);
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *a = ROW(a, stride), *b = op->b ? ROW(b, stride) : NULL;
    float *y = ROW(output, stride);
    for (int32_t i = 0; i < width; i += LANES) {
      const vf scaled = scale * load(a + i);
      store(y + i, b ? scaled + load(b + i) : scaled);
    }
  }
}

/** The gradient of a number that a tensor is multiplied by: the sum of values · gradient over the batch. */
KERNEL scaleGradient(Context *ctx, const Op_scaleGradient *op) {
  const int32_t width = padded(op->features);
  float sum = 0;
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *x = ROW(values, stride), *g = ROW(gradient, stride);
    vf parts[PARTS];
    for (int32_t part = 0; part < PARTS; part++) parts[part] = splat(0);
    EACH_PART(i, width) parts[part] += load(x + i) * load(g + i);
    sum += sum_(parts);
  }
  *at(ctx, op->output) = sum;
}

INLINE uint32_t mix32(uint32_t z) {
  z = (z ^ (z >> 16)) * 0x85ebca6bu;
  z = (z ^ (z >> 13)) * 0xc2b2ae35u;
  return z ^ (z >> 16);
}

/** Inverted dropout. The mask is a function of seed, step, row and feature, so the backward pass is the same operation on the gradient. */
KERNEL dropout(Context *ctx, const Op_dropout *op) {
  // evaluation has no steps; it copies (rate 0)
  const uint32_t step = ctx->step ? (uint32_t)ctx->step[3] : 0, limit = (uint32_t)(op->rate * 4294967040.0f);
  const float keep = 1 / (1 - op->rate);
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *x = ROW(input, inputStride);
    float *y = ROW(output, outputStride);
    const uint32_t key = mix32(mix32((uint32_t)op->seed ^ (step * 0x9e3779b9u)) + (uint32_t)row * 0x9e3779b9u);
    for (int32_t i = 0; i < op->features; i++) y[i] = mix32(key + (uint32_t)i * 0x9e3779b9u) < limit ? 0 : x[i] * keep;
  }
}

KERNEL countPositive(Context *ctx, const Op_countPositive *op) {
  float positive = 0;
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *x = ROW(values, stride);
    int32_t count = 0;
    for (int32_t i = 0; i < op->features; i++) count += x[i] > 0;
    positive += (float)count;
  }
  // thousands, so that a float counts 16 000 000 samples of any network here
  at(ctx, op->count)[0] += positive * 1e-3f;
  at(ctx, op->count)[1] += (float)ctx->batch * (float)op->features * 1e-3f;
}
