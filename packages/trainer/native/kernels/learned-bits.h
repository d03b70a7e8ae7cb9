// Bits and steps that training learns, as quantizeLearnedBits of @bitnetmcu/quant has them: 2^(b−1) symmetric levels on either side, steps of 2^e.
#pragma once
#include "../engine.h"

#define LN_2 0.693147181f

/** Half to even, −100 … 100. */
static float whole_exponent(float exponent) {
  return round_scalar(exponent > -100 ? (exponent < 100 ? exponent : 100) : -100);
}

/** 2^exponent for a whole number of −126 … 127. */
static float power_of_two(float exponent) {
  union { int32_t i; float f; } power = {((int32_t)exponent + 127) << 23};
  return power.f;
}

/** Levels on either side of 0 of so many learned bits; 0: the output has no weights. @param maximum highest code of the format: 2^(most − 1) − 1 */
static float half_levels(float bits, float maximum) {
  const float whole = round_scalar(bits > 0 ? (bits < 100 ? bits : 100) : 0);
  if (whole < 1) return 0;
  const float half = power_of_two(whole - 1);
  return half < maximum + 1 ? half : maximum + 1;
}

/**
 * Gradients of learned bits b and exponents e for ŵ = 2^e · level(clip(w·2^−e, ±M)), M = 2^(b−1) − ½, the rounding passed straight through:
 * to b flows sign(w)·2^e·ln 2·2^(b−1) where w is clipped, to e ln 2·(ŵ − w) between the ends and ln 2·ŵ where w is clipped
 * (Cséfalvay and Imber 2023, arXiv:2301.13142, whose b and e are real; here they are rounded, straight through too).
 */
KERNEL bitsGradient(Context *ctx, const Op_bitsGradient *op) {
  const int32_t groups = op->perOutput ? op->rows : 1;
  float *gradient = at(ctx, op->gradient), *exponent_gradient = at(ctx, op->exponentGradient);
  for (int32_t g = 0; g < groups; g++) gradient[g] = exponent_gradient[g] = 0;
  for (int32_t row = 0; row < op->rows; row++) {
    const float *w = at(ctx, op->weight) + (ptrdiff_t)row * op->columns;
    const float *wq = at(ctx, op->quantized) + (ptrdiff_t)row * op->quantizedStride;
    const float *dw = at(ctx, op->weightGradient) + (ptrdiff_t)row * op->weightGradientStride;
    const int32_t g = op->perOutput ? row : 0;
    const float half = half_levels(at(ctx, op->bits)[g], op->maximum);
    const float scale = power_of_two(whole_exponent(at(ctx, op->exponent)[g]));
    const float limit = half > 0 ? (half - 0.5f) * scale : 0;
    float clipped = 0, moved = 0;
    for (int32_t i = 0; i < op->columns; i++) {
      const int inside = w[i] > -limit && w[i] < limit;
      if (!inside) clipped += w[i] < 0 ? -dw[i] : dw[i];
      moved += dw[i] * (inside ? wq[i] - w[i] : wq[i]);
    }
    gradient[g] += clipped * scale * LN_2 * (half > 0 ? half : 0.5f);
    exponent_gradient[g] += moved * LN_2;
  }
}
