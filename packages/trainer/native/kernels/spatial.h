// Cropping and pooling on channel-major rows, where they are not part of a chain.
#pragma once
#include "pooling.h"

KERNEL crop(Context *ctx, const Op_crop *op) {
  for (int32_t row = 0; row < ctx->batch; row++)
    for (int32_t c = 0; c < op->channels; c++)
      for (int32_t y = 0; y < op->outHeight; y++) {
        float *from = at(ctx, op->input) + (ptrdiff_t)row * op->inputStride + ((ptrdiff_t)c * op->height + op->top + y) * op->width + op->left;
        float *to = at(ctx, op->output) + (ptrdiff_t)row * op->outputStride + ((ptrdiff_t)c * op->outHeight + y) * op->outWidth;
        memcpy(to, from, (size_t)op->outWidth * sizeof(float));
      }
}

/** `input` is the gradient of the crop's result, `output` that of what was cropped. */
KERNEL cropBackward(Context *ctx, const Op_cropBackward *op) {
  for (int32_t row = 0; row < ctx->batch; row++) {
    float *dx = at(ctx, op->output) + (ptrdiff_t)row * op->outputStride;
    memset(dx, 0, (size_t)op->outputStride * sizeof(float));
    for (int32_t c = 0; c < op->channels; c++)
      for (int32_t y = 0; y < op->outHeight; y++) {
        const float *from = at(ctx, op->input) + (ptrdiff_t)row * op->inputStride + ((ptrdiff_t)c * op->outHeight + y) * op->outWidth;
        float *to = dx + ((ptrdiff_t)c * op->height + op->top + y) * op->width + op->left;
        memcpy(to, from, (size_t)op->outWidth * sizeof(float));
      }
  }
}

/** `origin` gets each maximum's place in its map (the first of equals); without it the result is the mean. */
KERNEL pool(Context *ctx, const Op_pool *op) {
  const Pooling *pooling = (const Pooling *)at(ctx, op->pooling);
  for (int32_t row = 0; row < ctx->batch; row++) {
    int32_t *origin = op->origin ? (int32_t *)at(ctx, op->origin) + (ptrdiff_t)row * op->outputStride : NULL;
    float *out = at(ctx, op->output) + (ptrdiff_t)row * op->outputStride;
    for (int32_t c = 0, p = 0; c < op->channels; c++) {
      const float *map = at(ctx, op->input) + (ptrdiff_t)row * op->inputStride + (ptrdiff_t)c * op->height * op->width;
      for (int32_t y = 0; y < op->outHeight; y++) {
        const Span rows = window_rows(pooling, y, op->height);
        for (int32_t x = 0; x < op->outWidth; x++, p++) {
          const Span columns = window_columns(pooling, x, op->width);
          int32_t best = rows.from * op->width + columns.from;
          float sum = 0;
          for (int32_t wy = rows.from; wy < rows.to; wy++)
            for (int32_t i = wy * op->width + columns.from; i < wy * op->width + columns.to; i++) {
              if (map[i] > map[best]) best = i;
              sum += map[i];
            }
          out[p] = origin ? map[best] : sum * mean_share(pooling, rows, columns);
          if (origin) origin[p] = c * op->height * op->width + best;
        }
      }
    }
  }
}

KERNEL poolBackward(Context *ctx, const Op_poolBackward *op) {
  const Pooling *pooling = (const Pooling *)at(ctx, op->pooling);
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *dy = at(ctx, op->gradient) + (ptrdiff_t)row * op->gradientStride;
    float *dx = at(ctx, op->output) + (ptrdiff_t)row * op->outputStride;
    memset(dx, 0, (size_t)op->outputStride * sizeof(float));
    if (op->origin) {
      const int32_t *origin = (const int32_t *)at(ctx, op->origin) + (ptrdiff_t)row * op->gradientStride;
      for (int32_t p = 0; p < op->channels * op->outHeight * op->outWidth; p++) dx[origin[p]] += dy[p];
      continue;
    }
    for (int32_t c = 0, p = 0; c < op->channels; c++)
      for (int32_t y = 0; y < op->outHeight; y++) {
        const Span rows = window_rows(pooling, y, op->height);
        for (int32_t x = 0; x < op->outWidth; x++, p++) {
          const Span columns = window_columns(pooling, x, op->width);
          const float d = dy[p] * mean_share(pooling, rows, columns);
          for (int32_t wy = rows.from; wy < rows.to; wy++)
            for (int32_t wx = columns.from; wx < columns.to; wx++) dx[((ptrdiff_t)c * op->height + wy) * op->width + wx] += d;
        }
      }
  }
}
