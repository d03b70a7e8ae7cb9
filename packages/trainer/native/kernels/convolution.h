// Convolutions of any kind on channel-major rows, sample by sample: patches as a matrix, then matrix products.
#pragma once
#include "matrix-multiply.h"

/** As CONVOLUTION_WORDS in src/engine/plan/layers/conv2d.ts. */
typedef struct {
  int32_t channels, height, width, out_channels, out_height, out_width;
  int32_t kernel_height, kernel_width, stride_y, stride_x, padding, groups;
} Convolution;

/** Calls BODY for every kernel position `k` of group `g` and output position `p` whose input position `i` is inside the map. */
#define EACH_TAP(CV, GROUP, BODY)                                                                                      \
  for (int32_t oy = 0, p = 0; oy < (CV)->out_height; oy++)                                                             \
    for (int32_t ox = 0; ox < (CV)->out_width; ox++, p++)                                                              \
      for (int32_t c = 0; c < (CV)->channels / (CV)->groups; c++)                                                      \
        for (int32_t ky = 0; ky < (CV)->kernel_height; ky++) {                                                         \
          const int32_t iy = oy * (CV)->stride_y + ky - (CV)->padding;                                                 \
          if (iy < 0 || iy >= (CV)->height) continue;                                                                  \
          const int32_t k0 = (c * (CV)->kernel_height + ky) * (CV)->kernel_width;                                      \
          const ptrdiff_t row = ((ptrdiff_t)((GROUP) * ((CV)->channels / (CV)->groups) + c) * (CV)->height + iy) * (CV)->width; \
          for (int32_t kx = 0; kx < (CV)->kernel_width; kx++) {                                                        \
            const int32_t ix = ox * (CV)->stride_x + kx - (CV)->padding;                                               \
            if (ix < 0 || ix >= (CV)->width) continue;                                                                 \
            const int32_t k = k0 + kx;                                                                                 \
            const ptrdiff_t i = row + ix;                                                                              \
            BODY;                                                                                                      \
          }                                                                                                            \
        }

/** One row a position, one column a kernel position; places outside the map and the padding columns stay 0. */
static void gather_patches(const Convolution *cv, int32_t group, const float *x, float *patches, ptrdiff_t stride) {
  memset(patches, 0, (size_t)cv->out_height * (size_t)cv->out_width * (size_t)stride * sizeof(float));
  EACH_TAP(cv, group, patches[p * stride + k] = x[i])
}

KERNEL convolution(Context *ctx, const Op_convolution *op) {
  const Convolution *cv = (const Convolution *)at(ctx, op->geometry);
  const int32_t outputs = cv->out_channels / cv->groups, positions = cv->out_height * cv->out_width;
  const int32_t taps = cv->channels / cv->groups * cv->kernel_height * cv->kernel_width, product_stride = padded(outputs);
  float *patches = at(ctx, op->patches), *product = at(ctx, op->products);
  const Strides strides = {op->patchStride, 1, op->transposedStride, product_stride};
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *x = at(ctx, op->input) + (ptrdiff_t)row * op->inputStride;
    float *y = at(ctx, op->output) + (ptrdiff_t)row * op->outputStride;
    for (int32_t group = 0; group < cv->groups; group++) {
      gather_patches(cv, group, x, patches, op->patchStride);
      multiply(positions, product_stride, taps, patches, at(ctx, op->transposed) + group * outputs, product, strides, 0);
      for (int32_t o = 0; o < outputs; o++) {
        const int32_t channel = group * outputs + o;
        const float bias = op->bias ? at(ctx, op->bias)[channel] : 0;
        float *to = y + (ptrdiff_t)channel * positions;
        for (int32_t p = 0; p < positions; p++) to[p] = product[p * product_stride + o] + bias;
      }
    }
  }
}

KERNEL convolutionBackward(Context *ctx, const Op_convolutionBackward *op) {
  const Convolution *cv = (const Convolution *)at(ctx, op->geometry);
  const int32_t outputs = cv->out_channels / cv->groups, positions = cv->out_height * cv->out_width;
  const int32_t taps = cv->channels / cv->groups * cv->kernel_height * cv->kernel_width, columns = padded(taps);
  float *patches = at(ctx, op->patches);
  const Strides weight_strides = {positions, 1, op->patchStride, op->weightGradientStride};
  const Strides patch_strides = {1, positions, op->quantizedStride, op->patchStride};
  memset(at(ctx, op->weightGradient), 0, (size_t)cv->out_channels * (size_t)op->weightGradientStride * sizeof(float));
  if (op->biasGradient) memset(at(ctx, op->biasGradient), 0, (size_t)cv->out_channels * sizeof(float));
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *x = at(ctx, op->input) + (ptrdiff_t)row * op->inputStride;
    const float *dy = at(ctx, op->gradient) + (ptrdiff_t)row * op->gradientStride;
    float *dx = op->inputGradient ? at(ctx, op->inputGradient) + (ptrdiff_t)row * op->inputStride : NULL;
    if (dx) memset(dx, 0, (size_t)op->inputStride * sizeof(float));
    for (int32_t group = 0; group < cv->groups; group++) {
      const float *d = dy + (ptrdiff_t)group * outputs * positions;
      gather_patches(cv, group, x, patches, op->patchStride);
      multiply(outputs, columns, positions, d, patches,
               at(ctx, op->weightGradient) + (ptrdiff_t)group * outputs * op->weightGradientStride, weight_strides, 1);
      if (op->biasGradient)
        for (int32_t o = 0; o < outputs; o++)
          for (int32_t p = 0; p < positions; p++) at(ctx, op->biasGradient)[group * outputs + o] += d[(ptrdiff_t)o * positions + p];
      if (!dx) continue;
      multiply(positions, columns, outputs, d, at(ctx, op->quantized) + (ptrdiff_t)group * outputs * op->quantizedStride, patches,
               patch_strides, 0);
      EACH_TAP(cv, group, dx[i] += patches[p * op->patchStride + k])
    }
  }
}
