// The interpreter's entry, the same for every instruction set it is compiled for.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "ops.h"

/** One item of a job; `worker` numbers the threads that run items at the same time. */
typedef void (*Task)(void *job, int32_t item, int32_t worker);
typedef void (*Parallel)(void *pool, int32_t items, Task, void *job);

typedef struct {
  float *arena;
  /** Operations run once before the first batch, and those run for every batch. */
  const int32_t *prepare, *program;
  int32_t prepare_count, program_count;
  const uint8_t *samples;
  const uint16_t *labels;
  const float *targets;
  const uint32_t *order;
  float *logits;
  /** Positions [from, to), batches of batch_size, the last may be short. */
  uint32_t from, to, batch_size;
  /** 4 floats a batch (Context.step), or none. */
  const float *steps;
  double loss, correct;
  /** The thread pool, or none: everything runs on the caller's thread. */
  Parallel parallel;
  void *pool;
  /** Out: an operation with a number that the engine does not know, and that number; 0 where all went well. */
  int32_t refused_op, refused_code;
} Run;

/** Sizes in pixels; see src/engine/kernels.ts. */
typedef struct {
  const uint8_t *source;
  const uint32_t *indices;
  const float *matrices, *grid;
  uint8_t *destination;
  /** (height + 2)·(width + 2) words, 4·out_width with the width rounded up to 16, and 2·grid_columns. */
  uint32_t *scratch;
  int32_t count, channels, height, width, out_height, out_width, grid_rows, grid_columns;
  uint8_t fill;
} AugmentJob;

/** Taps of every output across (columns) and down (rows); starts and coefficients of src/data/resize.ts, padded. */
typedef struct {
  const uint8_t *source;
  uint8_t *destination;
  const int32_t *across, *across_starts, *down, *down_starts;
  /** height·out_width bytes. */
  uint8_t *scratch;
  int32_t count, height, width, out_height, out_width, across_taps, down_taps;
} ResizeJob;

typedef struct {
  const char *name;
  /** `fused` or `separate` (vector.h): engines of one arithmetic give the same bits. */
  const char *arithmetic;
  void (*run)(Run *);
  void (*augment)(const AugmentJob *);
  void (*resize)(const ResizeJob *);
} EngineVariant;
