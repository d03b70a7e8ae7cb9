/* Records to calls of kernels, an operation at a time: what bnm_run.c consists of besides the walk over an image. */
#ifndef BNM_RUN_RECORDS_H
#define BNM_RUN_RECORDS_H

#include "bnm.h"
#include "bnm_image.h"
#include "bnm_kernels.h"
#if defined(BNM_FAST_KERNELS) || defined(BNM_AVR_KERNELS)
#include "bnm_fast.h"
#define BNM_CONV_KERNELS 1
#endif
#if defined(BNM_HOST_KERNELS)
#include "bnm_host.h"
#endif

typedef struct run {
  const uint8_t *image;
  const int8_t *input;
  uint8_t *ram;
  int32_t *logits;
} run;

/* The input is only ever a source: the layout writes to ram and logits alone. */
static void *buffer(const run *r, uint32_t offset) {
  if (offset == BNM_BUFFER_INPUT) return (void *)(uintptr_t)r->input;
  if (offset == BNM_BUFFER_LOGITS) return r->logits;
  if (offset == BNM_BUFFER_NONE) return 0;
  return r->ram + offset;
}

/* A table in the image; offset 0 is the header, so it stands for "none". */
static const void *table(const run *r, uint32_t offset) { return offset == 0 ? 0 : r->image + offset; }

/* Kernels that a multiplication makes faster are left out where there is none: no image made for the part has them. */
#if defined(BNM_FAST_KERNELS) && !(defined(__riscv) && !defined(__riscv_mul))
#define BNM_MULTIPLIER 1
#endif

/* Every number that any build knows is a case here: others are unknown. */
static bnm_status linear(const run *r, const uint8_t *record, uint16_t outputs, const int8_t *x, int32_t *acc) {
  const uint16_t inputs = bnm_record_linear_inputs(record);
  const void *weights = table(r, bnm_record_linear_weights(record));
  const uint8_t *shifts = table(r, bnm_record_linear_output_shifts(record));
  const int32_t *bias = table(r, bnm_record_linear_bias(record));
#define RUNS(number, name) \
  case BNM_KERNEL_##number: bnm_linear_##name(x, inputs, weights, outputs, acc); break;
#define LACKS(number, name) case BNM_KERNEL_##number:
  switch (bnm_record_linear_kernel(record)) {
    BNM_FOR_PLAIN(RUNS)
    BNM_FOR_CODED(RUNS)
#if defined(BNM_FAST_KERNELS)
    BNM_FOR_NOMUL(RUNS)
#endif
#if defined(BNM_MULTIPLIER)
    BNM_FOR_MUL(RUNS)
#endif
#if defined(BNM_AVR_KERNELS)
    BNM_FOR_AVR(RUNS)
#endif
#if defined(BNM_HOST_KERNELS)
    RUNS(INT16, int16)
#endif
#if !defined(BNM_FAST_KERNELS)
    BNM_FOR_NOMUL(LACKS)
#endif
#if !defined(BNM_MULTIPLIER)
    BNM_FOR_MUL(LACKS)
#endif
#if !defined(BNM_AVR_KERNELS)
    BNM_FOR_AVR(LACKS)
#endif
#if !defined(BNM_HOST_KERNELS)
    LACKS(INT16, int16)
#endif
      return BNM_NOT_BUILT_IN;
    default: return BNM_UNKNOWN_KERNEL;
  }
#undef RUNS
#undef LACKS
  if (shifts != 0) bnm_output_shift(acc, shifts, outputs);
  if (bias != 0) bnm_add_bias(acc, bias, outputs);
  return BNM_OK;
}

/* How convolutions read the weights of a kernel's number, or 0: plain kernels only. */
static bnm_unpack_function *unpack_function(uint8_t kernel) {
#define UNPACKS(number, name) case BNM_KERNEL_##number: return bnm_unpack_##name;
  switch (kernel) {
    BNM_FOR_PLAIN(UNPACKS)
    default: return 0;
  }
#undef UNPACKS
}

/* NO_CHANNEL: the whole layer. */
#define NO_CHANNEL (-1L)

static void pool2d(enum bnm_op op, const uint8_t *record, const void *x, void *y) {
  const bnm_pool2d pool = {
      .height = bnm_record_pool2d_height(record),
      .width = bnm_record_pool2d_width(record),
      .out_height = bnm_record_pool2d_out_height(record),
      .out_width = bnm_record_pool2d_out_width(record),
      .window_height = bnm_record_pool2d_window_height(record),
      .window_width = bnm_record_pool2d_window_width(record),
      .stride_y = bnm_record_pool2d_stride_y(record),
      .stride_x = bnm_record_pool2d_stride_x(record),
      .padding_y = bnm_record_pool2d_padding_y(record),
      .padding_x = bnm_record_pool2d_padding_x(record),
      .count_padding = bnm_record_pool2d_count_padding(record),
  };
  if (op == BNM_OP_MAX_POOL2D_I8) bnm_max_pool2d_i8(&pool, x, y);
  if (op == BNM_OP_MAX_POOL2D_I32) bnm_max_pool2d_i32(&pool, x, y);
  if (op == BNM_OP_AVG_POOL2D_I8) bnm_avg_pool2d_i8(&pool, x, y);
  if (op == BNM_OP_AVG_POOL2D_I32) bnm_avg_pool2d_i32(&pool, x, y);
}

static void crop(enum bnm_op op, const uint8_t *record, const void *x, void *y) {
  const uint16_t width = bnm_record_crop_width(record);
  const uint16_t height_out = bnm_record_crop_out_height(record);
  const uint16_t width_out = bnm_record_crop_out_width(record);
  const uint16_t top = bnm_record_crop_top(record);
  const uint16_t left = bnm_record_crop_left(record);
  if (op == BNM_OP_CROP_I8) {
    bnm_crop_i8(x, width, top, left, height_out, width_out, y);
  } else {
    bnm_crop_i32(x, width, top, left, height_out, width_out, y);
  }
}

static void requantize(enum bnm_op op, const uint8_t *record, uint16_t n, const int32_t *acc, void *y) {
  const uint8_t shift = bnm_record_requantize_shift(record);
  const int32_t min = bnm_record_requantize_min(record);
  const int32_t max = bnm_record_requantize_max(record);
  if (op == BNM_OP_REQUANTIZE) {
    bnm_requantize(acc, n, shift, (int8_t)min, (int8_t)max, y);
  } else {
    bnm_requantize_i32(acc, n, shift, min, max, y);
  }
}

static void add(uint8_t op, const run *r, const uint8_t *record, uint16_t n, const int32_t *a, int32_t *y) {
  const int32_t *b = buffer(r, bnm_record_add_b(record));
  const uint8_t shift_a = bnm_record_add_shift_x(record), shift_b = bnm_record_add_shift_b(record);
  if (op == BNM_OP_ADD) bnm_add(a, b, n, shift_a, shift_b, y);
  else bnm_add_scaled(a, b, n, (int8_t)bnm_record_add_multiplier(record), shift_a, shift_b, y);
}

static bnm_status keep_features(const run *r, const uint8_t *record, uint16_t n, long channel, const int32_t *acc, int8_t *y) {
  if (channel == NO_CHANNEL) return BNM_UNKNOWN_OP; /* outside of BNM_OP_CHANNELS no shift is its own */
  int8_t *shifts = buffer(r, bnm_record_keep_features_shifts(record));
  shifts[channel] = (int8_t)bnm_keep_features(acc, n, y);
  return BNM_OK;
}

#endif
