// Convolutions of any kind, forward and backward, a block of LANES samples or a few outputs a task.
#pragma once
#include "convolution-tiles.h"

INLINE int32_t at_most(int32_t value, int32_t limit) { return value < limit ? value : limit; }

/** One block of samples through the layer. */
static void convolution_item(void *argument, int32_t block, int32_t worker) {
  (void)worker;
  const ConvolutionJob *job = argument;
  Context *ctx = job->ctx;
  const Op_convolution *op = job->forward;
  const Geometry2d *g = &job->g;
  load_maps(job, block, at(ctx, op->input), op->inputStride);
  vf *y = job->outputs + (ptrdiff_t)block * g->cv.out_channels * g->positions;
  for (int32_t group = 0; group < g->cv.groups; group++) {
    const vf *x = job->inputs + (ptrdiff_t)block * g->inputs +
                  (ptrdiff_t)group * (g->cv.channels / g->cv.groups) * g->padded_height * g->padded_width;
    for (int32_t p = 0; p < g->positions; p += TILE_VECTORS) {
      const int32_t vectors = at_most(g->positions - p, TILE_VECTORS);
      int32_t origins[TILE_VECTORS] = {0};
      for (int32_t j = 0; j < vectors; j++) origins[j] = origin_of(g, p + j);
      for (int32_t o = 0; o < g->outputs; o += TILE_ROWS) {
        const int32_t rows = at_most(g->outputs - o, TILE_ROWS), channel = group * g->outputs + o;
        CONVOLVE[vectors - 1][rows - 1](g, at(ctx, op->quantized) + (ptrdiff_t)channel * op->quantizedStride, op->quantizedStride, x,
                                        origins, op->bias ? at(ctx, op->bias) + channel : NULL,
                                        y + (ptrdiff_t)channel * g->positions + p);
      }
    }
  }
  lanes_to_samples(y, g->cv.out_channels * g->positions, at(ctx, op->output) + (ptrdiff_t)block * LANES * op->outputStride,
                   op->outputStride, lanes_in(job, block));
}

/** The gradient of a block's outputs, as lanes. */
static void load_gradient_item(void *argument, int32_t block, int32_t worker) {
  (void)worker;
  const ConvolutionJob *job = argument;
  const Op_convolutionBackward *op = job->backward;
  const int32_t count = job->g.cv.out_channels * job->g.positions;
  samples_to_lanes(at(job->ctx, op->gradient) + (ptrdiff_t)block * LANES * op->gradientStride, op->gradientStride,
                   lanes_in(job, block), count, job->outputs + (ptrdiff_t)block * count);
}

/** So many positions of 16 samples are summed in registers before lanes are added up, where the batch has as many. */
#define POSITIONS_A_SUM 128

/** So many kernel positions are one task: a few outputs alone are too few tasks to share evenly. */
#define TAPS_A_TASK (8 * TILE_VECTORS)

INLINE int32_t tasks_of(int32_t length, int32_t a_task) { return (length + a_task - 1) / a_task; }

/** The weight gradient of up to TILE_ROWS outputs of one group and TAPS_A_TASK kernel positions, over all samples. */
static void weight_gradient_item(void *argument, int32_t item, int32_t worker) {
  (void)worker;
  const ConvolutionJob *job = argument;
  Context *ctx = job->ctx;
  const Op_convolutionBackward *op = job->backward;
  const Geometry2d *g = &job->g;
  const int32_t parts = tasks_of(g->taps, TAPS_A_TASK), from = item % parts * TAPS_A_TASK, end = at_most(g->taps, from + TAPS_A_TASK);
  const int32_t tile = item / parts, tiles = tasks_of(g->outputs, TILE_ROWS), group = tile / tiles, o = tile % tiles * TILE_ROWS;
  const int32_t rows = at_most(g->outputs - o, TILE_ROWS), channel = group * g->outputs + o;
  const ptrdiff_t map = (ptrdiff_t)g->cv.out_channels * g->positions;
  const int32_t step = (POSITIONS_A_SUM + g->positions - 1) / g->positions * PARTS;
  float *dw = at(ctx, op->weightGradient) + (ptrdiff_t)channel * op->weightGradientStride;
  for (int32_t row = 0; row < rows; row++)
    memset(dw + (ptrdiff_t)row * op->weightGradientStride + from, 0, (size_t)(end - from) * sizeof(float));
  const vf *dy = job->outputs + (ptrdiff_t)channel * g->positions;
  for (int32_t block = 0; block < job->blocks; block += step) {
    const int32_t blocks = at_most(job->blocks - block, step);
    const vf *x = job->inputs + (ptrdiff_t)block * g->inputs +
                  (ptrdiff_t)group * (g->cv.channels / g->cv.groups) * g->padded_height * g->padded_width;
    for (int32_t k = from; k < end; k += TILE_VECTORS) {
      const int32_t vectors = at_most(end - k, TILE_VECTORS);
      int32_t taps[TILE_VECTORS] = {0};
      for (int32_t j = 0; j < vectors; j++) taps[j] = tap_of(g, k + j);
      CORRELATE[vectors - 1][rows - 1](job, dy + block * map, x, taps, blocks, dw + k, op->weightGradientStride);
    }
  }
  if (from > 0) return;
  if (!op->biasGradient) return;
  for (int32_t row = 0; row < rows; row++) {
    vf sums[PARTS] = {{0}};
    for (int32_t block = 0; block < job->blocks; block++) {
      vf sum = sums[block % PARTS];
      for (int32_t p = 0; p < g->positions; p++) sum += dy[block * map + (ptrdiff_t)row * g->positions + p];
      sums[block % PARTS] = sum;
    }
    at(ctx, op->biasGradient)[channel + row] = sum_(sums);
  }
}

/** The gradient of a block's inputs; takes the place of the block's input maps. */
static void input_gradient_item(void *argument, int32_t block, int32_t worker) {
  (void)worker;
  const ConvolutionJob *job = argument;
  Context *ctx = job->ctx;
  const Op_convolutionBackward *op = job->backward;
  const Geometry2d *g = &job->g;
  vf *maps = job->inputs + (ptrdiff_t)block * g->inputs;
  memset(maps, 0, (size_t)g->inputs * sizeof(vf));
  for (int32_t group = 0; group < g->cv.groups; group++) {
    const ptrdiff_t channel = (ptrdiff_t)group * g->outputs;
    const vf *dy = job->outputs + ((ptrdiff_t)block * g->cv.out_channels + channel) * g->positions;
    const float *weights = at(ctx, op->quantized) + channel * op->quantizedStride;
    vf *dx = maps + (ptrdiff_t)group * (g->cv.channels / g->cv.groups) * g->padded_height * g->padded_width;
    for (int32_t p = 0; p < g->positions; p += TILE_VECTORS) {
      const int32_t vectors = at_most(g->positions - p, TILE_VECTORS);
      int32_t origins[TILE_VECTORS] = {0};
      for (int32_t j = 0; j < vectors; j++) origins[j] = origin_of(g, p + j);
      // the last kernel position first: see the tiles
      for (int32_t k = (g->taps - 1) / TILE_ROWS * TILE_ROWS; k >= 0; k -= TILE_ROWS) {
        const int32_t rows = at_most(g->taps - k, TILE_ROWS);
        int32_t taps[TILE_ROWS] = {0};
        for (int32_t i = 0; i < rows; i++) taps[i] = tap_of(g, k + i);
        SPREAD[vectors - 1][rows - 1](g, weights + k, op->quantizedStride, dy + p, origins, taps, dx);
      }
    }
  }
  store_maps(job, block, at(ctx, op->inputGradient), op->inputStride);
}

static ConvolutionJob convolution_job(Context *ctx, int32_t geometry, int32_t inputs, int32_t outputs) {
  return (ConvolutionJob){
      .ctx = ctx,
      .g = geometry_2d(ctx, geometry),
      .inputs = (vf *)at(ctx, inputs),
      .outputs = (vf *)at(ctx, outputs),
      .blocks = (ctx->batch + LANES - 1) / LANES,
  };
}

KERNEL convolution(Context *ctx, const Op_convolution *op) {
  ConvolutionJob job = convolution_job(ctx, op->geometry, op->inputLanes, op->outputLanes);
  job.forward = op;
  parallel(ctx, job.blocks, convolution_item, &job);
}

/** Reads the input maps that the forward pass left as lanes. */
KERNEL convolutionBackward(Context *ctx, const Op_convolutionBackward *op) {
  ConvolutionJob job = convolution_job(ctx, op->geometry, op->inputLanes, op->outputLanes);
  job.backward = op;
  parallel(ctx, job.blocks, load_gradient_item, &job);
  parallel(ctx, job.g.cv.groups * tasks_of(job.g.outputs, TILE_ROWS) * tasks_of(job.g.taps, TAPS_A_TASK), weight_gradient_item, &job);
  if (op->inputGradient) parallel(ctx, job.blocks, input_gradient_item, &job);
}
