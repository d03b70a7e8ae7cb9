// A linear layer's input as in BitLinear: scale-free norm (RMS, L1 or none), then int8 fake quantization per sample,
// both with the straight-through gradient. Row padding is zero and stays zero.
#pragma once
#include "../engine.h"

INLINE float power_of_two_below(float x) {
  union { float f; int32_t i; } bits = {x};
  bits.i &= 0x7f800000;
  return bits.f;
}

/** `factor` gets each row's norm factor r (y = r·x). `unit` has each row's unit of the integer accumulator
 * (QUANTIZER_SHIFT; without it, after convolutions, a power of two far below the row's maximum), `outputUnit` gets the value of code 1. */
KERNEL quantizeActivations(Context *ctx, const Op_quantizeActivations *op) {
  if ((uint32_t)op->norm >= NORM_COUNT) return refuse(ctx, op->code, op->norm);
  if ((uint32_t)op->quantizer >= QUANTIZER_COUNT) return refuse(ctx, op->code, op->quantizer);
  const int32_t width = padded(op->features);
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *x = at(ctx, op->input) + (ptrdiff_t)row * op->inputStride;
    float *y = at(ctx, op->output) + (ptrdiff_t)row * op->outputStride;
    vf squares[PARTS] = {{0}}, absolutes[PARTS] = {{0}}, largest[PARTS] = {{0}};
    EACH_PART(i, width) {
      vf v = load(x + i), magnitude = abs_(v);
      squares[part] = fma_(v, v, squares[part]);
      absolutes[part] += magnitude;
      largest[part] = max_(magnitude, largest[part]);
    }
    float factor = 1;
    if (op->norm == NORM_RMS) factor = 1 / __builtin_sqrtf(sum_(squares) / (float)op->features + op->epsilon);
    if (op->norm == NORM_L1) factor = 1 / (sum_(absolutes) / (float)op->features + op->epsilon);
    if (op->factor) at(ctx, op->factor)[row] = factor;
    const float maximum = maximum_(largest);
    if (op->quantizer == QUANTIZER_MAX_ABS) {
      const float scale = maximum > 0 ? 127 / maximum : 0, step = maximum * factor / 127;
      for (int32_t i = 0; i < width; i += LANES) store(y + i, round_(load(x + i) * scale) * step);
      if (op->outputUnit) at(ctx, op->outputUnit)[row] = step;
    } else if (op->quantizer == QUANTIZER_SHIFT) {
      // ShiftNorm on the integer accumulator x/unit: shift = bit length of (max >> 7), half added, at most 127.
      const float unit = op->unit ? at(ctx, op->unit)[row] : power_of_two_below(maximum) * 0x1p-20f;
      const float top = unit > 0 ? round_scalar(maximum / unit < 0x1p22f ? maximum / unit : 0x1p22f) : 0;
      float divisor = 1;
      while (top >= divisor * 128) divisor *= 2;
      const float scale = unit > 0 ? 1 / unit : 0, half = divisor > 1 ? divisor / 2 : 0, step = unit * divisor * factor;
      for (int32_t i = 0; i < width; i += LANES) {
        vf accumulator = round_(min_(load(x + i) * scale, splat(0x1p22f)));
        vf shifted = (accumulator + half) * (1 / divisor);
        shifted = __builtin_convertvector(__builtin_convertvector(max_(shifted, splat(0)), vi), vf);
        store(y + i, min_(shifted, splat(127)) * step);
      }
      if (op->outputUnit) at(ctx, op->outputUnit)[row] = step;
    } else {
      for (int32_t i = 0; i < width; i += LANES) store(y + i, load(x + i) * factor);
    }
  }
}

/** Value of accumulator 1 of a linear layer: the input's code unit · the weights' integer unit (the smallest of the outputs'). */
KERNEL accumulatorUnit(Context *ctx, const Op_accumulatorUnit *op) {
  const float *clip = at(ctx, op->clip);
  float least = clip[0];
  for (int32_t i = 1; i < op->clips; i++) least = clip[i] < least ? clip[i] : least;
  for (int32_t row = 0; row < ctx->batch; row++) at(ctx, op->output)[row] = at(ctx, op->inputUnit)[row] * (least / op->divisor);
}

/** In place: dL/dy → dL/dx for y = x·r with r = 1/rms(x) or 1/mean|x|. */
KERNEL normBackward(Context *ctx, const Op_normBackward *op) {
  if (op->norm != NORM_RMS && op->norm != NORM_L1) return refuse(ctx, op->code, op->norm);
  const int32_t width = padded(op->features);
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *x = at(ctx, op->input) + (ptrdiff_t)row * op->inputStride;
    float *g = at(ctx, op->gradient) + (ptrdiff_t)row * op->gradientStride;
    const float factor = at(ctx, op->factor)[row];
    vf dot[PARTS] = {{0}};
    EACH_PART(i, width) dot[part] = fma_(load(x + i), load(g + i), dot[part]);
    const float mean = sum_(dot) / (float)op->features * factor;
    if (op->norm == NORM_RMS) {
      const float along = mean * factor * factor;
      for (int32_t i = 0; i < width; i += LANES) store(g + i, load(g + i) * factor - load(x + i) * along);
    } else {
      const vf along = splat(mean * factor);
      for (int32_t i = 0; i < width; i += LANES) {
        vf v = load(x + i);
        vf signed_along = (vf)(((vi)v & (vi)splat(-0.0f)) ^ (vi)along);
        store(g + i, load(g + i) * factor - keep_((vi)(v != 0.0f), signed_along));
      }
    }
  }
}
