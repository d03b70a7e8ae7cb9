// Groups of features of which those with the largest scores are kept, and the term of the loss that spreads the choice.
#pragma once
#include "elementwise.h"
#include "loss.h"

/** Whether fewer than `keep` groups come before this one: those with a larger score, of equal ones the first. */
INLINE int is_kept(const float *scores, int32_t groups, int32_t group, int32_t keep) {
  int32_t before = 0;
  for (int32_t other = 0; other < groups; other++)
    before += scores[other] > scores[group] || (scores[other] == scores[group] && other < group);
  return before < keep;
}

/** output = input in kept groups, else 0. Forward the activations, backward their gradient. */
KERNEL topGroups(Context *ctx, const Op_topGroups *op) {
  const int32_t groups = op->groups, size = op->features / groups;
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *x = ROW(input, stride), *scores = ROW(scores, scoreStride);
    float *y = ROW(output, stride);
    memset(y, 0, (size_t)padded(op->features) * sizeof *y);
    for (int32_t group = 0; group < groups; group++) {
      const int32_t from = group * size;
      if (is_kept(scores, groups, group, op->keep)) memcpy(y + from, x + from, (size_t)size * sizeof *y);
    }
  }
}

/**
 * Straight through: the gradient that the scores would have if softmax(scores) stood where the zeros and ones of the choice do,
 * p[g] · (a[g] − Σ p[j] · a[j]) with a[g] the sum of activation · gradient over a group, kept or not.
 */
KERNEL groupScoresBackward(Context *ctx, const Op_groupScoresBackward *op) {
  const int32_t groups = op->groups, size = op->features / groups;
  float p[padded(groups)], effect[padded(groups)];
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *x = ROW(input, stride), *g = ROW(gradient, stride), *scores = ROW(scores, scoreStride);
    float *to = ROW(output, scoreStride);
    float shift;
    const float sum = exponentials(scores, p, groups, 1, &shift);
    float mean = 0;
    for (int32_t group = 0; group < groups; group++) {
      effect[group] = 0;
      for (int32_t i = group * size; i < (group + 1) * size; i++) effect[group] += x[i] * g[i];
      p[group] /= sum;
      mean += p[group] * effect[group];
    }
    for (int32_t group = 0; group < padded(groups); group++) to[group] = group < groups ? p[group] * (effect[group] - mean) : 0;
  }
}

/**
 * weight · groups/keep · Σ f[g] · P[g], f the share of the batch's samples that keep a group, P the mean of softmax(scores) (Fedus et al. 2021,
 * arXiv:2101.03961): weight where all groups are kept as often. Adds to the gradient of the scores, which f has none of.
 */
KERNEL balanceGroups(Context *ctx, const Op_balanceGroups *op) {
  const int32_t groups = op->groups;
  float p[padded(groups)], share[padded(groups)], mean[padded(groups)];
  memset(share, 0, sizeof share);
  memset(mean, 0, sizeof mean);
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *scores = ROW(scores, scoreStride);
    float shift;
    const float sum = exponentials(scores, p, groups, 1, &shift);
    for (int32_t group = 0; group < groups; group++) {
      share[group] += (float)is_kept(scores, groups, group, op->keep);
      mean[group] += p[group] / sum;
    }
  }
  const float each = 1 / (float)ctx->batch, factor = op->weight * (float)groups / (float)op->keep;
  float balance = 0;
  for (int32_t group = 0; group < groups; group++) {
    share[group] *= each;
    balance += share[group] * mean[group] * each;
  }
  ctx->loss += ctx->batch * summand(factor * balance);
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *scores = ROW(scores, scoreStride);
    float *to = ROW(gradient, scoreStride);
    float shift, inner = 0;
    const float sum = exponentials(scores, p, groups, 1, &shift);
    for (int32_t group = 0; group < groups; group++) inner += share[group] * p[group] / sum;
    for (int32_t group = 0; group < groups; group++) to[group] += factor * each * p[group] / sum * (share[group] - inner);
  }
}
