// A chain of per-channel stages (convolution, ReLU, pooling) run as a whole for one sample and LANES channels at a time, so that
// all maps between its ends stay in the nearest caches. Between chains and other operations rows are channel-major.
// The backward pass recomputes the stages before the first pooling and takes the others from `keep`.
#pragma once
#include "chain-stages.h"

typedef struct {
  Context *ctx;
  const Op_chain *op;
  const Stage *stages;
  /** Recomputed stages: [0, first_kept). */
  int32_t stage_count, first_kept, groups, chunks, batch_size;
} Chain;

static Chain chain_of(Context *ctx, const Op_chain *op) {
  Chain chain = {ctx, op, (const Stage *)at(ctx, op->stages), op->stageCount, 0, padded(op->channels) / LANES, 0, op->batchSize};
  // groups without a channel are left out
  chain.groups = (op->channels + LANES - 1) / LANES;
  chain.chunks = (ctx->batch + CHUNK_SAMPLES - 1) / CHUNK_SAMPLES;
  while (!chain.stages[chain.first_kept].kept) chain.first_kept++;
  return chain;
}

/** Where the maps of every stage lie: kept ones by group and sample, the others in this worker's scratch. Returns its free end. */
static vf *lay_out(const Chain *chain, int32_t group, int32_t sample, vf *scratch, Maps *maps) {
  for (int32_t i = 0; i < chain->stage_count; i++) {
    const Stage *s = &chain->stages[i];
    Maps *m = &maps[i];
    if (i < chain->first_kept) {
      m->activation = scratch;
      m->pooled = NULL;
      m->origin = NULL;
      scratch += conv_positions(s);
      continue;
    }
    vf *kept = (vf *)at(chain->ctx, s->keep) + ((ptrdiff_t)group * chain->batch_size + sample) * kept_vectors(s);
    if (s->pool == POOL_MAX) {
      m->activation = scratch;
      scratch += conv_positions(s);
      m->pooled = kept;
      m->origin = (vi *)(kept + out_positions(s));
    } else {
      m->activation = kept;
      m->pooled = kept + conv_positions(s);
      m->origin = NULL;
    }
  }
  return scratch;
}

/** Asks for a sample's kept maps ahead of time: the forward pass of the whole batch has pushed them out of the near caches. */
static void prefetch_kept(const Chain *chain, int32_t group, int32_t sample) {
  for (int32_t i = chain->first_kept; i < chain->stage_count; i++) {
    const Stage *s = &chain->stages[i];
    const char *kept = (const char *)((const vf *)at(chain->ctx, s->keep) + ((ptrdiff_t)group * chain->batch_size + sample) * kept_vectors(s));
    for (size_t byte = 0; byte < (size_t)kept_vectors(s) * sizeof(vf); byte += 64) __builtin_prefetch(kept + byte);
  }
}

/** Runs the stages before `to` for one sample; `input` gets the vectors that a depthwise first stage reads. */
static void run_stages(const Chain *chain, int32_t group, int32_t sample, int32_t to, vf *input, const Maps *maps) {
  const Op_chain *op = chain->op;
  const float *row = at(chain->ctx, op->input) + (ptrdiff_t)sample * op->inputStride;
  const vf *vectors = input;
  if (chain->stages[0].convolution != CONVOLUTION_FULL)
    rows_to_vectors(row, op->channels, group, chain->stages[0].geometry.in_height * chain->stages[0].geometry.in_width, input);
  for (int32_t i = 0; i < to; i++) {
    stage_forward(chain->ctx, &chain->stages[i], group, row, vectors, &maps[i]);
    vectors = stage_output(&chain->stages[i], &maps[i]);
  }
}

INLINE vf *worker_scratch(const Chain *chain, int32_t worker) {
  return (vf *)(at(chain->ctx, chain->op->scratch) + (ptrdiff_t)worker * chain->op->scratchLength);
}

/** Vectors of the chain's input that a worker's scratch begins with. */
INLINE int32_t input_vectors(const Chain *chain) {
  const Geometry *g = &chain->stages[0].geometry;
  return chain->stages[0].convolution == CONVOLUTION_FULL ? 0 : g->in_height * g->in_width;
}

static int32_t count_positive(const vf *values, int32_t count) {
  vi positive = {0};
  for (int32_t i = 0; i < count; i++) positive -= (vi)(values[i] > 0.0f);
  int32_t sum = 0;
  for (int32_t lane = 0; lane < LANES; lane++) sum += positive[lane];
  return sum;
}

static void chain_forward_item(void *job, int32_t item, int32_t worker) {
  const Chain *chain = job;
  Context *ctx = chain->ctx;
  const int32_t group = item / chain->chunks, from = item % chain->chunks * CHUNK_SAMPLES;
  const int32_t to = from + CHUNK_SAMPLES < ctx->batch ? from + CHUNK_SAMPLES : ctx->batch;
  const Stage *last = &chain->stages[chain->stage_count - 1];
  Maps maps[MAX_STAGES];
  vf *input = worker_scratch(chain, worker);
  float *counts = chain->op->counts ? at(ctx, chain->op->counts) + (ptrdiff_t)item * chain->stage_count : NULL;
  for (int32_t i = 0; counts && i < chain->stage_count; i++) counts[i] = 0;
  for (int32_t sample = from; sample < to; sample++) {
    lay_out(chain, group, sample, input + input_vectors(chain), maps);
    run_stages(chain, group, sample, chain->stage_count, input, maps);
    vectors_to_rows(stage_output(last, &maps[chain->stage_count - 1]), chain->op->channels, group, out_positions(last),
                    at(ctx, chain->op->output) + (ptrdiff_t)sample * chain->op->outputStride);
    for (int32_t i = 0; counts && i < chain->stage_count; i++)
      counts[i] += (float)count_positive(maps[i].activation, conv_positions(&chain->stages[i]));
  }
}

/** Share of positive outputs of each stage's convolution (op.positives: one pair a stage). */
static void add_counts(const Chain *chain) {
  const int32_t items = chain->groups * chain->chunks;
  for (int32_t i = 0; i < chain->stage_count; i++) {
    float *positives = at(chain->ctx, chain->op->positives) + 16 * i;
    double sum = 0;
    for (int32_t item = 0; item < items; item++) sum += at(chain->ctx, chain->op->counts)[item * chain->stage_count + i];
    positives[0] += (float)sum * 1e-3f;
    positives[1] += (float)chain->ctx->batch * (float)conv_positions(&chain->stages[i]) * (float)chain->op->channels * 1e-3f;
  }
}

static void chain_backward_item(void *job, int32_t item, int32_t worker) {
  const Chain *chain = job;
  Context *ctx = chain->ctx;
  const Op_chain *op = chain->op;
  const int32_t group = item / chain->chunks, chunk = item % chain->chunks, from = chunk * CHUNK_SAMPLES;
  const int32_t to = from + CHUNK_SAMPLES < ctx->batch ? from + CHUNK_SAMPLES : ctx->batch;
  const int32_t all_groups = padded(op->channels) / LANES, last = chain->stage_count - 1;
  vf *input = worker_scratch(chain, worker);
  Maps maps[MAX_STAGES];
  vf *gradient = lay_out(chain, group, from, input + input_vectors(chain), maps);
  // dL/d(convolution output) of the stage at work and of the one before it
  vf *dy = gradient + op->largestMap, *before = dy + op->largestPaddedMap;
  // partial gradients of this chunk and group: kernel positions, then the bias
  for (int32_t i = 0; i <= last; i++) {
    const Stage *s = &chain->stages[i];
    const int32_t vectors = kernel_positions(s) + 1;
    memset((vf *)at(ctx, s->gradient) + ((ptrdiff_t)chunk * all_groups + group) * vectors, 0, (size_t)vectors * sizeof(vf));
  }
  for (int32_t sample = from; sample < to; sample++) {
    lay_out(chain, group, sample, input + input_vectors(chain), maps);
    prefetch_kept(chain, group, sample + 1 < to ? sample + 1 : sample);
    run_stages(chain, group, sample, chain->first_kept, input, maps);
    const float *row = at(ctx, op->input) + (ptrdiff_t)sample * op->inputStride;
    rows_to_vectors(at(ctx, op->outputGradient) + (ptrdiff_t)sample * op->outputStride, op->channels, group,
                    out_positions(&chain->stages[last]), gradient);
    // whether dy has this stage's gradient already, or `gradient` that of its output
    int written = 0;
    for (int32_t i = last; i >= 0; i--) {
      const Stage *s = &chain->stages[i];
      const Geometry *g = &s->geometry;
      const vf *x = i > 0 ? stage_output(&chain->stages[i - 1], &maps[i - 1]) : input;
      if (!written) {
        if (writes_through(s)) pass_gradient(s, &maps[i], gradient, dy);
        else pool_gradient(s, &maps[i], gradient, dy);
      }
      clear_margins(g, dy);
      vf *dw = (vf *)at(ctx, s->gradient) + ((ptrdiff_t)chunk * all_groups + group) * (kernel_positions(s) + 1);
      if (s->convolution == CONVOLUTION_FULL) full_weight_gradient(g, row, dy, dw);
      else depthwise_weight_gradient(g, x, dy, dw);
      if (s->bias) {
        vf sum = dw[kernel_positions(s)];
        for (int32_t p = 0; p < g->height * dy_row(g); p++) sum += dy[p];
        dw[kernel_positions(s)] = sum;
      }
      if (i == 0 && !op->inputGradient) break;
      const float *weights = at(ctx, s->weights) + group * LANES;
      const Stage *previous = i > 0 ? &chain->stages[i - 1] : NULL;
      written = previous && writes_through(previous);
      if (written) {
        depthwise_input_gradient(g, dy, weights, s->weight_stride, before + margin_of(&previous->geometry), dy_row(&previous->geometry),
                                 previous->relu ? maps[i - 1].activation : NULL);
        vf *swapped = dy;
        dy = before;
        before = swapped;
      } else {
        depthwise_input_gradient(g, dy, weights, s->weight_stride, gradient, g->in_width, NULL);
      }
    }
    if (op->inputGradient)
      vectors_to_rows(gradient, op->channels, group, chain->stages[0].geometry.in_height * chain->stages[0].geometry.in_width,
                      at(ctx, op->inputGradient) + (ptrdiff_t)sample * op->inputStride);
  }
}

/** Forward without `outputGradient`, else backward. */
KERNEL chain(Context *ctx, const Op_chain *op) {
  if (op->stageCount < 1 || op->stageCount > MAX_STAGES) return refuse(ctx, op->code, op->stageCount);
  for (int32_t i = 0; i < op->stageCount; i++) {
    const Stage *s = (const Stage *)at(ctx, op->stages) + i;
    if ((uint32_t)s->convolution >= CONVOLUTION_COUNT) return refuse(ctx, op->code, s->convolution);
    if ((uint32_t)s->pool >= POOL_COUNT) return refuse(ctx, op->code, s->pool);
  }
  Chain chain = chain_of(ctx, op);
  parallel(ctx, chain.groups * chain.chunks, op->outputGradient ? chain_backward_item : chain_forward_item, &chain);
  if (op->counts && !op->outputGradient) add_counts(&chain);
}

/** Sums the chunks' partial gradients in order and lays them out as the parameters are. */
KERNEL chainGradient(Context *ctx, const Op_chainGradient *op) {
  const int32_t chunks = (ctx->batch + CHUNK_SAMPLES - 1) / CHUNK_SAMPLES, groups = padded(op->channels) / LANES;
  for (int32_t channel = 0; channel < op->channels; channel++) {
    const int32_t group = channel / LANES, lane = channel % LANES;
    for (int32_t k = 0; k <= op->kernelPositions; k++) {
      if (k == op->kernelPositions && !op->biasGradient) break;
      float sum = 0;
      for (int32_t chunk = 0; chunk < chunks; chunk++)
        sum += at(ctx, op->partial)[((ptrdiff_t)(chunk * groups + group) * (op->kernelPositions + 1) + k) * LANES + lane];
      if (k < op->kernelPositions) at(ctx, op->gradient)[(ptrdiff_t)channel * op->gradientStride + k] = sum;
      else at(ctx, op->biasGradient)[channel] = sum;
    }
  }
}
