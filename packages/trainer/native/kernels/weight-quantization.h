// Fake quantization of weights (straight-through): level · scale, written output-major for the backward pass and
// transposed for the forward pass, both padded. The codes are those of @bitnetmcu/quant's encoders.
#pragma once
#include "learned-bits.h"

/** As in @bitnetmcu/quant: the scale of an all-zero tensor stays finite. */
#define MIN_CLIP 0x1p-100f

/** Σ f(w) in double over 8 interleaved partial sums, f = identity or magnitude. */
static double weight_sum(const float *w, ptrdiff_t length, int magnitude) {
  double sums[8] = {0};
  ptrdiff_t i = 0;
  for (; i + 8 <= length; i += 8)
    for (int lane = 0; lane < 8; lane++) sums[lane] += magnitude ? __builtin_fabsf(w[i + lane]) : w[i + lane];
  for (; i < length; i++) sums[0] += magnitude ? __builtin_fabsf(w[i]) : w[i];
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

/** 2^octave·base nearest to `clip` in the logarithm. */
static float power_of_two_of(float base, float clip) {
  union { float f; int32_t i; } ratio = {clip / base};
  const int32_t mantissa = ratio.i & 0x007fffff, half_octave = 0x003504f3;
  ratio.i = (ratio.i & 0x7f800000) + (mantissa > half_octave ? 0x00800000 : 0);
  return base * ratio.f;
}

/** Of the weights that are not masked; `mask` may be null. */
static int all_equal(const float *w, const float *mask, ptrdiff_t length) {
  const float *first = 0;
  for (ptrdiff_t i = 0; i < length; i++) {
    if (mask && mask[i] == 0) continue;
    if (first && w[i] != *first) return 0;
    first = w + i;
  }
  return 1;
}

/** How many weights a mean is of. */
static ptrdiff_t live_count(const float *mask, ptrdiff_t length) {
  if (!mask) return length;
  ptrdiff_t live = 0;
  for (ptrdiff_t i = 0; i < length; i++) live += mask[i] != 0;
  return live;
}

/** The scalars of the outputs are powers of two apart: any of them is the base of all, but those of all-zero outputs, which are MIN_CLIP. */
static float base_of(const float *clips, int32_t count) {
  for (int32_t i = 0; i < count; i++)
    if (clips[i] > MIN_CLIP) return clips[i];
  return MIN_CLIP;
}

/**
 * Scale of ternary and binary weights: mean|w|, per output rounded to powers of two times what the scales were before; the centre is
 * the mean weight where `centred` (0 where all are the same). Masked weights, which are 0, do not count; an output without others gets the
 * largest scale, which no unit of accumulators follows from.
 */
KERNEL meanScale(Context *ctx, const Op_meanScale *op) {
  const int32_t groups = op->perOutput ? op->rows : 1;
  const ptrdiff_t length = op->perOutput ? op->columns : (ptrdiff_t)op->rows * op->columns;
  const float base = base_of(at(ctx, op->clip), groups);
  for (int32_t g = 0; g < groups; g++) {
    const float *w = at(ctx, op->weight) + g * length;
    const float *mask = op->mask ? at(ctx, op->mask) + g * length : 0;
    const ptrdiff_t live = live_count(mask, length);
    float clip = live ? (float)(weight_sum(w, length, 1) / (double)live) : 0;
    if (clip < MIN_CLIP) clip = MIN_CLIP;
    else if (op->perOutput) clip = power_of_two_of(base, clip);
    at(ctx, op->clip)[g] = clip;
    if (op->centred) at(ctx, op->centre)[g] = all_equal(w, mask, length) ? 0 : (float)(weight_sum(w, length, 0) / (double)live);
  }
  if (!op->mask || !op->perOutput) return;
  float largest = MIN_CLIP;
  for (int32_t g = 0; g < groups; g++) largest = at(ctx, op->clip)[g] > largest ? at(ctx, op->clip)[g] : largest;
  for (int32_t g = 0; g < groups; g++)
    if (!live_count(at(ctx, op->mask) + g * length, length)) at(ctx, op->clip)[g] = largest;
}

typedef struct {
  float inverse_scale, scale, centre, offset, minimum, maximum;
  const float *levels;
  int32_t level_count;
} WeightQuantizer;

/** The scale of an inverse scale: its reciprocal, rounded so that a dequantized weight encodes to its own code again (as scaleOfInverse
 * in @bitnetmcu/quant). */
static float scale_of_inverse(float inverse) {
  union { float f; int32_t i; } scale = {1 / inverse};
  if (scale.f * inverse < 1) scale.i++;
  return scale.f;
}

INLINE vf quantize_weight(int encoding, const WeightQuantizer *q, vf w) {
  vf u = w * q->inverse_scale;
  switch (encoding) {
    case ENCODING_UNIFORM:
      u = max_(min_(u - q->offset, splat(q->maximum)), splat(q->minimum));
      return (round_(u) + q->offset) * q->scale;
    case ENCODING_SIGN:
      return select_((vi)((w - q->centre) * q->inverse_scale > 0.0f), splat(q->scale), splat(-q->scale));
    case ENCODING_POWER_OF_TWO: {
      vf magnitude = max_(min_(abs_(u), splat(q->maximum)), splat(1.0f));
      vi power = (vi)magnitude & 0x7f800000;
      vi sign = (vi)(u < 0.0f) & (vi)splat(-0.0f);
      return (vf)(power | sign) * q->scale;
    }
    case ENCODING_NEAREST: {
      // levels, then the thresholds between them
      vf level = splat(q->levels[0]);
      for (int32_t i = 1; i < q->level_count; i++)
        level = select_((vi)(u > q->levels[q->level_count + i - 1]), splat(q->levels[i]), level);
      return level * q->scale;
    }
    default:
      return w;
  }
}

INLINE void quantize_row(int encoding, const WeightQuantizer *q, const float *w, float *out, int32_t columns) {
  int32_t i = 0;
  for (; i + LANES <= columns; i += LANES) store(out + i, quantize_weight(encoding, q, load(w + i)));
  if (i < columns) {
    float tail[LANES] = {0};
    memcpy(tail, w + i, (size_t)(columns - i) * sizeof(float));
    store(tail, quantize_weight(encoding, q, load(tail)));
    memcpy(out + i, tail, (size_t)(columns - i) * sizeof(float));
  }
}

/** Rows and columns in blocks of four; what is left one by one. */
static void transpose(const float *from, ptrdiff_t stride, float *to, ptrdiff_t to_stride, int32_t rows, int32_t columns) {
  int32_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    int32_t c = 0;
    for (; c + 4 <= columns; c += 4) {
      const float *p = from + r * stride + c;
      float *q = to + c * to_stride + r;
      v4 a = *(const v4_unaligned *)p, b = *(const v4_unaligned *)(p + stride);
      v4 d = *(const v4_unaligned *)(p + 2 * stride), e = *(const v4_unaligned *)(p + 3 * stride);
      v4 ab_low = SHUFFLE(a, b, 0, 4, 1, 5), ab_high = SHUFFLE(a, b, 2, 6, 3, 7);
      v4 de_low = SHUFFLE(d, e, 0, 4, 1, 5), de_high = SHUFFLE(d, e, 2, 6, 3, 7);
      *(v4_unaligned *)q = SHUFFLE(ab_low, de_low, 0, 1, 4, 5);
      *(v4_unaligned *)(q + to_stride) = SHUFFLE(ab_low, de_low, 2, 3, 6, 7);
      *(v4_unaligned *)(q + 2 * to_stride) = SHUFFLE(ab_high, de_high, 0, 1, 4, 5);
      *(v4_unaligned *)(q + 3 * to_stride) = SHUFFLE(ab_high, de_high, 2, 3, 6, 7);
    }
    for (; c < columns; c++)
      for (int32_t k = 0; k < 4; k++) to[c * to_stride + r + k] = from[(r + k) * stride + c];
  }
  for (; r < rows; r++)
    for (int32_t c = 0; c < columns; c++) to[c * to_stride + r] = from[r * stride + c];
}

KERNEL quantizeWeights(Context *ctx, const Op_quantizeWeights *op) {
  float *quantized = at(ctx, op->quantized);
  for (int32_t row = 0; row < op->rows; row++) {
    WeightQuantizer q = {0, 0, 0, op->shift, op->minimum, op->maximum, 0, op->levelCount};
    float *out = quantized + (ptrdiff_t)row * op->stride;
    if (op->bits) {
      const int32_t group = op->perOutput ? row : 0;
      const float half = half_levels(at(ctx, op->bits)[group], op->maximum);
      const float exponent = whole_exponent(at(ctx, op->exponent)[group]);
      if (half == 0) {
        memset(out, 0, (size_t)op->columns * sizeof(float));
        continue;
      }
      q.minimum = -half, q.maximum = half - 1;
      q.inverse_scale = power_of_two(-exponent), q.scale = power_of_two(exponent);
    } else if (op->encoding != ENCODING_FLOAT) {
      const float clip = at(ctx, op->clip)[op->perOutput ? row : 0];
      q.inverse_scale = op->numerator / clip;
      q.scale = scale_of_inverse(q.inverse_scale);
    }
    if (op->centre) q.centre = at(ctx, op->centre)[op->perOutput ? row : 0];
    if (op->levels) q.levels = at(ctx, op->levels);
    const float *w = at(ctx, op->weight) + (ptrdiff_t)row * op->columns;
    switch (op->encoding) {
      case ENCODING_UNIFORM: quantize_row(ENCODING_UNIFORM, &q, w, out, op->columns); break;
      case ENCODING_SIGN: quantize_row(ENCODING_SIGN, &q, w, out, op->columns); break;
      case ENCODING_POWER_OF_TWO: quantize_row(ENCODING_POWER_OF_TWO, &q, w, out, op->columns); break;
      case ENCODING_NEAREST: quantize_row(ENCODING_NEAREST, &q, w, out, op->columns); break;
      case ENCODING_FLOAT: memcpy(out, w, (size_t)op->columns * sizeof(float)); break;
      default: refuse(ctx, op->code, op->encoding); return;
    }
  }
  if (op->transposed) transpose(quantized, op->stride, at(ctx, op->transposed), op->transposedStride, op->rows, op->columns);
}

/**
 * Gradient of a learned clipping scalar s for ŵ = level(w·n/s)·s/n, the rounding passed straight through: (level − u)/n
 * between the outermost levels (Esser et al. 2020, arXiv:1902.08153), level/n where w is clipped (Choi et al. 2018).
 */
KERNEL clipGradient(Context *ctx, const Op_clipGradient *op) {
  const int32_t groups = op->perOutput ? op->rows : 1;
  float *gradient = at(ctx, op->gradient);
  for (int32_t g = 0; g < groups; g++) gradient[g] = 0;
  for (int32_t row = 0; row < op->rows; row++) {
    const float *w = at(ctx, op->weight) + (ptrdiff_t)row * op->columns;
    const float *wq = at(ctx, op->quantized) + (ptrdiff_t)row * op->quantizedStride;
    const float *dw = at(ctx, op->weightGradient) + (ptrdiff_t)row * op->weightGradientStride;
    const float s = at(ctx, op->clip)[op->perOutput ? row : 0];
    const float inverse_scale = op->numerator / s;
    float sum = 0;
    for (int32_t i = 0; i < op->columns; i++) {
      const float u = w[i] * inverse_scale;
      sum += dw[i] * (u > op->lowest && u < op->highest ? wq[i] - w[i] : wq[i]);
    }
    gradient[op->perOutput ? row : 0] += sum / s * op->factor;
  }
}
