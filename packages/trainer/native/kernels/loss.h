// Loss terms over the logits: each adds its gradient of the batch mean, and its sum over the samples to the totals.
#pragma once
#include "../engine.h"

/** exp(scale·(z − max)) into `out` (padding gets 0), returns the sum; *shift is the maximum. Either may be in place. */
static float exponentials(const float *z, float *out, int32_t classes, float scale, float *shift) {
  float largest = z[0];
  for (int32_t i = 1; i < classes; i++) largest = z[i] > largest ? z[i] : largest;
  *shift = largest;
  const int32_t width = padded(classes);
  for (int32_t i = 0; i < width; i += LANES) store(out + i, exp_((load(z + i) - largest) * scale));
  for (int32_t i = classes; i < width; i++) out[i] = 0;
  vf sum[PARTS] = {{0}};
  EACH_PART(i, width) sum[part] += load(out + i);
  return sum_(sum);
}

/**
 * A loss as a multiple of 2^-27 (half a unit of float at 0.1). Sums of such numbers are exact in double up to 2^26, so that they do not
 * depend on where an epoch is cut into chunks, which is cut by time.
 */
static double summand(float loss) {
  const double binade = 0x1.8p25;
  return ((double)loss + binade) - binade;
}

static int32_t first_maximum(const float *z, int32_t classes) {
  int32_t best = 0;
  for (int32_t i = 1; i < classes; i++)
    if (z[i] > z[best]) best = i;
  return best;
}

KERNEL countCorrect(Context *ctx, const Op_countCorrect *op) {
  const uint16_t *labels = (const uint16_t *)at(ctx, op->labels);
  for (int32_t row = 0; row < ctx->batch; row++)
    ctx->correct += first_maximum(at(ctx, op->logits) + (ptrdiff_t)row * op->stride, op->classes) == labels[row];
}

/** Without `gradient` only the loss is summed; `accumulate` adds to the gradient instead of setting it. */
KERNEL softmaxCrossEntropy(Context *ctx, const Op_softmaxCrossEntropy *op) {
  const uint16_t *labels = (const uint16_t *)at(ctx, op->labels);
  const int32_t width = padded(op->classes);
  const float off = op->smoothing / (float)op->classes, on = 1 - op->smoothing;
  float probabilities[width];
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *z = at(ctx, op->logits) + (ptrdiff_t)row * op->stride;
    float shift;
    const float sum = exponentials(z, probabilities, op->classes, 1, &shift);
    const float term_weight = op->classWeights ? op->weight * at(ctx, op->classWeights)[labels[row]] : op->weight;
    const float log_sum = log_scalar(sum) + shift;
    float loss = on * (log_sum - z[labels[row]]);
    if (op->smoothing > 0)
      for (int32_t i = 0; i < op->classes; i++) loss += off * (log_sum - z[i]);
    ctx->loss += summand(term_weight * loss);
    if (!op->gradient) continue;
    const float weight = term_weight / (float)ctx->batch;
    float *g = at(ctx, op->gradient) + (ptrdiff_t)row * op->stride;
    const float scale = weight / sum;
    for (int32_t i = 0; i < width; i++) {
      const float target = i < op->classes ? off : 0;
      g[i] = (op->accumulate ? g[i] : 0) + probabilities[i] * scale - target * weight;
    }
    g[labels[row]] -= on * weight;
  }
}

/** weight·T²·KL(softmax(teacher/T) ‖ softmax(z/T)) (Hinton et al. 2015): the gradient is weight·T·(q − p). */
KERNEL distillation(Context *ctx, const Op_distillation *op) {
  const int32_t width = padded(op->classes);
  const float temperature = op->temperature, scale = op->weight * temperature / (float)ctx->batch;
  float student[width], teacher[width], logits[width];
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *z = at(ctx, op->logits) + (ptrdiff_t)row * op->stride;
    memset(logits, 0, sizeof logits);
    memcpy(logits, ctx->targets + (size_t)sample_number(ctx, row) * (size_t)op->classes, (size_t)op->classes * sizeof(float));
    float student_shift, teacher_shift;
    const float student_sum = exponentials(z, student, op->classes, 1 / temperature, &student_shift);
    const float teacher_sum = exponentials(logits, teacher, op->classes, 1 / temperature, &teacher_shift);
    const float constant = log_scalar(student_sum) - log_scalar(teacher_sum);
    float divergence = 0;
    for (int32_t i = 0; i < op->classes; i++) {
      const float log_ratio = ((logits[i] - teacher_shift) - (z[i] - student_shift)) / temperature + constant;
      divergence += teacher[i] / teacher_sum * log_ratio;
    }
    ctx->loss += summand(op->weight * temperature * temperature * divergence);
    float *g = at(ctx, op->gradient) + (ptrdiff_t)row * op->stride;
    for (int32_t i = 0; i < width; i++)
      g[i] = (op->accumulate ? g[i] : 0) + scale * (student[i] / student_sum - teacher[i] / teacher_sum);
  }
}
