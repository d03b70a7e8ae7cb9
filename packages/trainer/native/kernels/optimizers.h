// Parameter updates, one tensor an operation: rows·columns contiguous parameters, gradients with their own row stride.
// Where `gate` points to 0 the tensor is frozen.
#pragma once
#include "../engine.h"

typedef struct {
  float beta1, beta2, rate, second_correction, epsilon, l2, shrink;
} Adam;

INLINE void adam_vector(const Adam *a, vf *p, vf g, vf *m, vf *v) {
  g = fma_(splat(a->l2), *p, g);
  *m = fma_(splat(1 - a->beta1), g - *m, *m);
  *v = fma_(splat(1 - a->beta2), g * g - *v, *v);
  vf denominator = sqrt_(*v) * a->second_correction + a->epsilon;
  *p = *p * a->shrink - a->rate * *m / denominator;
}

/** Adam (Kingma & Ba 2015) with L2 decay, or AdamW (Loshchilov & Hutter 2019) where `decoupled`. ctx->step has the bias corrections. */
KERNEL adam(Context *ctx, const Op_adam *op) {
  if (op->gate && !*at(ctx, op->gate)) return;
  const float rate = ctx->step[0] * op->rateFactor;
  const Adam a = {op->beta1, op->beta2, rate * ctx->step[1], __builtin_sqrtf(ctx->step[2]), op->epsilon,
                  op->decoupled ? 0 : op->decay, op->decoupled ? 1 - rate * op->decay : 1};
  for (int32_t row = 0; row < op->rows; row++) {
    const ptrdiff_t offset = (ptrdiff_t)row * op->columns;
    float *p = at(ctx, op->parameter) + offset, *m = at(ctx, op->firstMoment) + offset, *v = at(ctx, op->secondMoment) + offset;
    const float *g = at(ctx, op->gradient) + (ptrdiff_t)row * op->gradientStride;
    int32_t i = 0;
    for (; i + LANES <= op->columns; i += LANES) {
      vf pv = load(p + i), mv = load(m + i), vv = load(v + i);
      adam_vector(&a, &pv, load(g + i), &mv, &vv);
      store(p + i, pv), store(m + i, mv), store(v + i, vv);
    }
    if (i < op->columns) {
      float tail[4][LANES] = {{0}};
      const size_t bytes = (size_t)(op->columns - i) * sizeof(float);
      memcpy(tail[0], p + i, bytes), memcpy(tail[1], g + i, bytes), memcpy(tail[2], m + i, bytes), memcpy(tail[3], v + i, bytes);
      vf pv = load(tail[0]), mv = load(tail[2]), vv = load(tail[3]);
      adam_vector(&a, &pv, load(tail[1]), &mv, &vv);
      store(tail[0], pv), store(tail[2], mv), store(tail[3], vv);
      memcpy(p + i, tail[0], bytes), memcpy(m + i, tail[2], bytes), memcpy(v + i, tail[3], bytes);
    }
  }
}

/** SGD with momentum as in PyTorch: u = momentum·u + g; p −= rate·(nesterov ? g + momentum·u : u). */
KERNEL sgd(Context *ctx, const Op_sgd *op) {
  if (op->gate && !*at(ctx, op->gate)) return;
  const float rate = ctx->step[0] * op->rateFactor, momentum = op->momentum, decay = op->decay;
  for (int32_t row = 0; row < op->rows; row++) {
    float *restrict p = at(ctx, op->parameter) + (ptrdiff_t)row * op->columns;
    float *restrict u = at(ctx, op->velocity) + (ptrdiff_t)row * op->columns;
    const float *restrict g = at(ctx, op->gradient) + (ptrdiff_t)row * op->gradientStride;
    for (int32_t i = 0; i < op->columns; i++) {
      const float gradient = g[i] + decay * p[i];
      u[i] = momentum * u[i] + gradient;
      p[i] -= rate * (op->nesterov ? gradient + momentum * u[i] : u[i]);
    }
  }
}

/**
 * Weights go damping·rate of the way to the values of their codes: near a threshold the straight-through estimator's gradients
 * change sign with the code and would push them over it again and again (Nagel et al. 2022, arXiv:2203.11086). Before the update.
 */
KERNEL dampOscillations(Context *ctx, const Op_dampOscillations *op) {
  const float damping = *at(ctx, op->damping) * ctx->step[0];
  if (damping == 0) return;
  const float share = damping < 1 ? damping : 1;
  for (int32_t row = 0; row < op->rows; row++) {
    float *restrict w = at(ctx, op->weight) + (ptrdiff_t)row * op->columns;
    const float *restrict wq = at(ctx, op->quantized) + (ptrdiff_t)row * op->stride;
    for (int32_t i = 0; i < op->columns; i++) w[i] += share * (wq[i] - w[i]);
  }
}

KERNEL clamp(Context *ctx, const Op_clamp *op) {
  float *values = at(ctx, op->values);
  for (int32_t i = 0; i < op->length; i++) {
    const float raised = values[i] > op->minimum ? values[i] : op->minimum;
    values[i] = raised < op->maximum ? raised : op->maximum;
  }
}
