// Norms with parameters: layer norm (per sample) and batch norm (per feature), forward and backward.
#pragma once
#include "../engine.h"

KERNEL layerNorm(Context *ctx, const Op_layerNorm *op) {
  const float *gain = at(ctx, op->gain), *shift = at(ctx, op->shift);
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *x = at(ctx, op->input) + (ptrdiff_t)row * op->inputStride;
    float *y = at(ctx, op->output) + (ptrdiff_t)row * op->outputStride;
    float sum = 0, squares = 0;
    for (int32_t i = 0; i < op->features; i++) sum += x[i];
    const float mean = sum / (float)op->features;
    for (int32_t i = 0; i < op->features; i++) squares += (x[i] - mean) * (x[i] - mean);
    const float factor = 1 / __builtin_sqrtf(squares / (float)op->features + op->epsilon);
    at(ctx, op->mean)[row] = mean;
    at(ctx, op->factor)[row] = factor;
    for (int32_t i = 0; i < op->features; i++) y[i] = (x[i] - mean) * factor * gain[i] + shift[i];
  }
}

KERNEL layerNormBackward(Context *ctx, const Op_layerNormBackward *op) {
  const float *gain = at(ctx, op->gain);
  float *restrict gain_gradient = at(ctx, op->gainGradient), *restrict shift_gradient = at(ctx, op->shiftGradient);
  for (int32_t i = 0; i < op->features; i++) gain_gradient[i] = shift_gradient[i] = 0;
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *x = at(ctx, op->input) + (ptrdiff_t)row * op->inputStride;
    float *g = at(ctx, op->gradient) + (ptrdiff_t)row * op->gradientStride;
    const float mean = at(ctx, op->mean)[row], factor = at(ctx, op->factor)[row];
    float sum = 0, dot = 0;
    for (int32_t i = 0; i < op->features; i++) {
      const float normal = (x[i] - mean) * factor;
      gain_gradient[i] += g[i] * normal;
      shift_gradient[i] += g[i];
      sum += g[i] * gain[i];
      dot += g[i] * gain[i] * normal;
    }
    sum /= (float)op->features;
    dot /= (float)op->features;
    for (int32_t i = 0; i < op->features; i++) g[i] = factor * (g[i] * gain[i] - sum - (x[i] - mean) * factor * dot);
  }
}

/** Training takes the batch's statistics and moves the running ones (variance unbiased, as PyTorch); evaluation takes the running ones. */
KERNEL batchNorm(Context *ctx, const Op_batchNorm *op) {
  const float *gain = at(ctx, op->gain), *shift = at(ctx, op->shift);
  float *restrict mean = at(ctx, op->mean), *restrict factor = at(ctx, op->factor);
  float *restrict running_mean = at(ctx, op->runningMean), *restrict running_variance = at(ctx, op->runningVariance);
  const float count = (float)ctx->batch;
  if (op->training) {
    for (int32_t i = 0; i < op->features; i++) mean[i] = factor[i] = 0;
    for (int32_t row = 0; row < ctx->batch; row++) {
      const float *restrict x = at(ctx, op->input) + (ptrdiff_t)row * op->inputStride;
      for (int32_t i = 0; i < op->features; i++) mean[i] += x[i];
    }
    for (int32_t i = 0; i < op->features; i++) mean[i] /= count;
    for (int32_t row = 0; row < ctx->batch; row++) {
      const float *restrict x = at(ctx, op->input) + (ptrdiff_t)row * op->inputStride;
      for (int32_t i = 0; i < op->features; i++) factor[i] += (x[i] - mean[i]) * (x[i] - mean[i]);
    }
    const float unbiased = count > 1 ? 1 / (count - 1) : 1;
    for (int32_t i = 0; i < op->features; i++) {
      running_mean[i] += op->momentum * (mean[i] - running_mean[i]);
      running_variance[i] += op->momentum * (factor[i] * unbiased - running_variance[i]);
      factor[i] = 1 / __builtin_sqrtf(factor[i] / count + op->epsilon);
    }
  } else {
    for (int32_t i = 0; i < op->features; i++) {
      mean[i] = running_mean[i];
      factor[i] = 1 / __builtin_sqrtf(running_variance[i] + op->epsilon);
    }
  }
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *restrict x = at(ctx, op->input) + (ptrdiff_t)row * op->inputStride;
    float *restrict y = at(ctx, op->output) + (ptrdiff_t)row * op->outputStride;
    for (int32_t i = 0; i < op->features; i++) y[i] = (x[i] - mean[i]) * factor[i] * gain[i] + shift[i];
  }
}

KERNEL batchNormBackward(Context *ctx, const Op_batchNormBackward *op) {
  const float *restrict gain = at(ctx, op->gain), *restrict mean = at(ctx, op->mean), *restrict factor = at(ctx, op->factor);
  float *restrict gain_gradient = at(ctx, op->gainGradient), *restrict shift_gradient = at(ctx, op->shiftGradient);
  for (int32_t i = 0; i < op->features; i++) gain_gradient[i] = shift_gradient[i] = 0;
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *restrict x = at(ctx, op->input) + (ptrdiff_t)row * op->inputStride;
    const float *restrict g = at(ctx, op->gradient) + (ptrdiff_t)row * op->gradientStride;
    for (int32_t i = 0; i < op->features; i++) {
      gain_gradient[i] += g[i] * (x[i] - mean[i]) * factor[i];
      shift_gradient[i] += g[i];
    }
  }
  const float reciprocal = 1 / (float)ctx->batch;
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *restrict x = at(ctx, op->input) + (ptrdiff_t)row * op->inputStride;
    float *restrict g = at(ctx, op->gradient) + (ptrdiff_t)row * op->gradientStride;
    for (int32_t i = 0; i < op->features; i++) {
      const float normal = (x[i] - mean[i]) * factor[i];
      g[i] = gain[i] * factor[i] * (g[i] - (shift_gradient[i] + normal * gain_gradient[i]) * reciprocal);
    }
  }
}
