// What the interpreter and its kernels share: the state of one run over the arena. No kernel knows a network.
#pragma once
#include "vector.h"
#include "interpreter.h"

/** Sizes that stand for the number of samples in the current batch. */
#define BATCH (-1)

typedef struct {
  float *arena;
  const uint8_t *samples;
  const uint16_t *labels;
  /** Teacher logits by sample number, or none. */
  const float *targets;
  /** Sample numbers, or none: sample i is number i. */
  const uint32_t *order;
  /** Logits by position from the run's first sample, or none. */
  float *logits;
  /** Position of the batch's first sample, and of the run's. */
  uint32_t position, first;
  int32_t batch;
  /** Learning rate, 1/(1 − beta1^t), 1/(1 − beta2^t), t. */
  const float *step;
  double loss, correct;
  /** The operation that could not be run, 0 where there was none, and the number in it that is not known. */
  int32_t refused_op, refused_code;
  /** Runs tasks on the pool's threads, or is none. */
  Parallel parallel;
  void *pool;
} Context;

/**
 * Runs task(job, item, worker) for every item, in any order and on any thread: an item writes where no other does, so the
 * result does not depend on the number of threads.
 */
INLINE void parallel(Context *ctx, int32_t items, Task task, void *job) {
  if (ctx->parallel && items > 1) ctx->parallel(ctx->pool, items, task, job);
  else
    for (int32_t item = 0; item < items; item++) task(job, item, 0);
}

/** An operation's kernel: never inlined into the interpreter, so that profiles name it. */
#define KERNEL static __attribute__((noinline)) void

/** Ends the run: the program names something that this engine does not have. */
INLINE void refuse(Context *ctx, int32_t op, int32_t code) {
  ctx->refused_op = op;
  ctx->refused_code = code;
}

INLINE float *at(const Context *c, int32_t offset) { return c->arena + offset; }
INLINE int32_t size_of(const Context *c, int32_t size) { return size == BATCH ? c->batch : size; }
/** Features are stored in whole groups of 16 floats; those beyond the last feature are zero. */
INLINE int32_t padded(int32_t features) { return (features + 15) & ~15; }
INLINE uint32_t sample_number(const Context *c, int32_t row) {
  uint32_t i = c->position + (uint32_t)row;
  return c->order ? c->order[i] : i;
}
