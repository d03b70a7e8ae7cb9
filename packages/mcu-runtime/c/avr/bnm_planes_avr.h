/*
 * Convolutions of AVR parts, output by output: the sum of a window stays in registers. Weights are int8, sums of a window over one
 * plane have 24 bits (32 where the plane is int16).
 */
#ifndef BNM_PLANES_AVR_H
#define BNM_PLANES_AVR_H

#ifdef __ASSEMBLER__

/* Offsets in struct bnm_windows. */
#define WINDOWS_X 0
#define WINDOWS_Y 2
#define WINDOWS_TAPS 4
#define WINDOWS_ROWS 6
#define WINDOWS_COLUMNS 8
#define WINDOWS_WIDTH 10
#define WINDOWS_X_STEP 12
#define WINDOWS_X_SKIP 14
#define WINDOWS_Y_SKIP 16
#define WINDOWS_KERNEL_HEIGHT 18
#define WINDOWS_KERNEL_WIDTH 19
#define WINDOWS_SHIFT 20

#else

#include "bnm_fast.h"

/* Windows over one plane, all of whose elements lie inside of it, and where their sums go. */
struct bnm_windows {
  const int8_t *x;    /* the first window's first element */
  void *y;
  const int8_t *taps; /* kernel_height * kernel_width weights */
  uint16_t rows, columns; /* of windows; 1 or more */
  uint16_t width;     /* of the plane */
  uint16_t x_step;    /* from one window of a row to the next: the stride */
  int16_t x_skip;     /* from behind the last window of a row to the first one of the next */
  uint16_t y_skip;    /* bytes that y passes over behind a row */
  uint8_t kernel_height, kernel_width;
  uint8_t shift;      /* of bnm_conv3x3_relu: 1 ... 15 */
};

/* y += sum of each window, y int32. bnm_add_windows: kernels of any size up to 512 weights; bnm_add_windows3x3: of 3x3;
 * bnm_add_small_windows3x3: the same for sums of 16 bits. */
void bnm_add_windows(const struct bnm_windows *windows);
void bnm_add_windows3x3(const struct bnm_windows *windows);
void bnm_add_small_windows3x3(const struct bnm_windows *windows);

/* y = max(sum, 0) >> shift of each window of 3x3, y int16. */
void bnm_relu_windows3x3(const struct bnm_windows *windows);

/* Integers to int8, in place, and how large they are. */
enum bnm_tap_size {
  BNM_SMALL_TAPS, /* int8, and the sum of their magnitudes is at most 255, so that sums of windows fit 16 bits */
  BNM_INT8_TAPS,
  BNM_LARGE_TAPS  /* not all are int8: what stands there now means nothing */
};
uint8_t bnm_narrow_taps(int16_t *taps, uint16_t count);

/* Integers of -255 ... 254 to the nearest int8, or to what these lack, in place. */
void bnm_split_taps(int16_t *taps, uint16_t count, uint8_t is_rest);

/* Rows first ... first + rows - 1 of output channel `channel`, without output shift and bias.
 * x       the group's first input plane
 * taps    kernel_height * kernel_width int16_t of scratch
 * y       `rows` rows of int32 */
void bnm_conv_rows(const bnm_conv2d *conv, uint16_t channel, const int8_t *x, int16_t *taps, uint16_t first, uint16_t rows, int32_t *y);

/* Maxima of 2x2 of two rows of a width. */
void bnm_halve_rows(const int32_t *x, uint16_t width, int32_t *y);

/* Maxima of windows of pool_height x pool_width side by side, of pool_height rows. */
void bnm_pool_rows(const int32_t *x, uint16_t width, uint8_t pool_height, uint8_t pool_width, int32_t *y);

/* For planes of int16 from 0 on, 14 wide: sums of 32 bits of windows of 3x3. */
void bnm_sum_wide_windows(const int16_t *x, const int8_t *taps, uint8_t rows, uint8_t columns, int32_t *y);

#endif

#endif
