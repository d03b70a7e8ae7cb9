/*
 * What becomes of a channel's sums, in assembly for Armv6-M: maxima of windows, and int8. Elsewhere bnm_convolve_channel.c makes the maxima
 * itself.
 */
#ifndef BNM_CHANNEL_END_H
#define BNM_CHANNEL_END_H

/* Offsets for the assembly; checked in bnm_convolve_channel.c and bnm_conv_requantize.c. */
#define BNM_WINDOWS_ROW_BYTES 0
#define BNM_WINDOWS_ROWS 4
#define BNM_WINDOWS_WINDOW_BYTES 8
#define BNM_WINDOWS_WINDOW_ROWS 12
#define BNM_SCALE_OUTPUT_SHIFT 0
#define BNM_SCALE_BIAS 4
#define BNM_SCALE_SHIFT 8
#define BNM_SCALE_MIN 12
#define BNM_SCALE_MAX 16

#ifndef __ASSEMBLER__

#include <stdint.h>

/* Windows side by side over rows of sums, of which there are enough for one at least. */
struct bnm_windows {
  uint32_t row_bytes, rows;           /* of all sums */
  uint32_t window_bytes, window_rows; /* of one window */
};

/* Their maxima, in place; returns the end of them. */
int32_t *bnm_pool_sums(const struct bnm_windows *windows, int32_t *sums);

/* From sums to int8. */
struct bnm_sums_scale {
  uint32_t output_shift;
  int32_t bias;
  uint32_t shift; /* rounded: bnm_rounding_shift */
  int32_t min, max;
};

/* At least one sum. */
void bnm_requantize_sums(const struct bnm_sums_scale *scale, const int32_t *sums, const int32_t *end, int8_t *y);

#endif

#endif
