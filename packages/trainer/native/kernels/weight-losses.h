// Terms of the loss on the weights themselves: their size in bits, the entropy of their codes. Each adds its gradient to what the
// backward pass has written, and its value, times the samples of the batch, to the totals.
#pragma once
#include "learned-bits.h"
#include "loss.h"

/** weight · Σ bits · the share of inputs that are left: an input of less than one bit counts by its bits. */
KERNEL sizeLoss(Context *ctx, const Op_sizeLoss *op) {
  const float *bits = at(ctx, op->bits), *input = op->inputBits ? at(ctx, op->inputBits) : 0;
  float share = 1, sum = 0;
  if (input) {
    share = 0;
    for (int32_t i = 0; i < op->inputs; i++) share += input[i] < 1 ? input[i] : 1;
    share /= (float)op->inputs;
  }
  for (int32_t i = 0; i < op->count; i++) sum += bits[i];
  ctx->loss += ctx->batch * summand(op->weight * share * sum);
  float *gradient = at(ctx, op->gradient);
  for (int32_t i = 0; i < op->count; i++) gradient[i] += op->weight * share;
  if (!op->inputGradient) return;
  const float each = op->weight * sum / (float)op->inputs;
  float *input_gradient = at(ctx, op->inputGradient);
  for (int32_t i = 0; i < op->inputs; i++)
    if (input[i] < 1) input_gradient[i] += each;
}

/** Where a weight lies between the lowest level, 0, and the highest: its position, and whether it is clipped. */
typedef struct {
  float inverse_scale, lowest, highest, first;
} LevelRange;

static int level_range(Context *ctx, const Op_entropyLoss *op, int32_t row, LevelRange *range) {
  const int32_t group = op->perOutput ? row : 0;
  range->first = op->minimum + op->shift;
  range->lowest = range->first, range->highest = op->maximum + op->shift;
  if (!op->bits) {
    range->inverse_scale = op->numerator / at(ctx, op->clip)[group];
    return 1;
  }
  const float half = half_levels(at(ctx, op->bits)[group], op->maximum);
  range->inverse_scale = power_of_two(-whole_exponent(at(ctx, op->exponent)[group]));
  range->lowest = 0.5f - half, range->highest = half - 0.5f;
  return half > 0;
}

INLINE float level_position(const LevelRange *range, float w) {
  const float u = w * range->inverse_scale;
  // NaN goes to the lowest level: the run ends by its loss.
  const float clipped = u > range->lowest ? (u < range->highest ? u : range->highest) : range->lowest;
  return clipped - range->first;
}

/**
 * weight · (number of weights) · H in bits, H the entropy of the codes estimated softly: a weight counts for the two levels around it, by how
 * near it is to each, and every level has one count more. Outputs of 0 bits have no codes.
 */
KERNEL entropyLoss(Context *ctx, const Op_entropyLoss *op) {
  const int32_t levels = (int32_t)(op->maximum - op->minimum) + 1;
  float *counts = at(ctx, op->counts), *logs = counts + levels;
  LevelRange range;
  for (int32_t k = 0; k < levels; k++) counts[k] = 1;
  float coded = 0;
  for (int32_t row = 0; row < op->rows; row++) {
    if (!level_range(ctx, op, row, &range)) continue;
    coded += (float)op->columns;
    const float *w = at(ctx, op->parameter) + (ptrdiff_t)row * op->columns;
    for (int32_t i = 0; i < op->columns; i++) {
      const float position = level_position(&range, w[i]);
      const int32_t lower = (int32_t)position < levels - 1 ? (int32_t)position : levels - 2;
      const float part = position - (float)lower;
      counts[lower] += 1 - part;
      counts[lower + 1] += part;
    }
  }
  const float total = coded + (float)levels;
  float entropy = 0;
  for (int32_t k = 0; k < levels; k++) {
    logs[k] = log_scalar(counts[k] / total) * 1.44269504f;
    entropy -= counts[k] / total * logs[k];
  }
  ctx->loss += ctx->batch * summand(op->weight * coded * entropy);
  const float each = op->weight * coded / total;
  for (int32_t row = 0; row < op->rows; row++) {
    if (!level_range(ctx, op, row, &range)) continue;
    const float *w = at(ctx, op->parameter) + (ptrdiff_t)row * op->columns;
    float *gradient = at(ctx, op->gradient) + (ptrdiff_t)row * op->gradientStride;
    float scale_sum = 0;
    for (int32_t i = 0; i < op->columns; i++) {
      const float u = w[i] * range.inverse_scale;
      if (!(u > range.lowest && u < range.highest)) continue;
      const int32_t lower = (int32_t)(u - range.first) < levels - 1 ? (int32_t)(u - range.first) : levels - 2;
      const float slope = each * (logs[lower] - logs[lower + 1]);
      gradient[i] += slope * range.inverse_scale;
      scale_sum -= slope * u;
    }
    if (!op->scaleGradient) continue;
    const int32_t group = op->perOutput ? row : 0;
    at(ctx, op->scaleGradient)[group] += op->bits ? LN_2 * scale_sum : scale_sum * op->scaleFactor / at(ctx, op->clip)[group];
  }
}
