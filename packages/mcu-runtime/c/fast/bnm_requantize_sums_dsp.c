/*
 * From the sums of a channel to int8, for the DSP extension. Interface: bnm_channel_end.h. SMMULR is the upper word of a product, rounded: by
 * 2^(32 - shift) it shifts as bnm_rounding_shift does, halves up. SSAT limits to int8.
 */
#include "bnm_channel_end.h"
#include "bnm_dsp.h"

#if defined(BNM_DSP)

/* From here on 2^(32 - shift) is an int32. */
#define LEAST_SHIFT 2u

static inline int32_t larger(int32_t a, int32_t b) { return a > b ? a : b; }
static inline int32_t smaller(int32_t a, int32_t b) { return a < b ? a : b; }

/* With the shift and the limit that nearly all layers have; `last` is at least one sum behind the first. */
static inline void requantize(const int32_t *sums, const int32_t *last, uint32_t factor, int32_t bias, int32_t power, int32_t min,
                              int8_t *y) {
  for (; last - sums >= 2; sums += 2, y += 2) {
    const uint32_t first = (uint32_t)sums[0], second = (uint32_t)sums[1];
    y[0] = (int8_t)larger(bnm_ssat8(bnm_smmulr((int32_t)(first * factor) + bias, power)), min);
    y[1] = (int8_t)larger(bnm_ssat8(bnm_smmulr((int32_t)(second * factor) + bias, power)), min);
  }
  if (sums != last) y[0] = (int8_t)larger(bnm_ssat8(bnm_smmulr((int32_t)((uint32_t)sums[0] * factor) + bias, power)), min);
}

BNM_HOT(bnm_requantize_sums)
void bnm_requantize_sums(const struct bnm_sums_scale *scale, const int32_t *sums, const int32_t *end, int8_t *y) {
  const int32_t bias = scale->bias, min = scale->min, max = scale->max;
  const uint32_t factor = 1u << scale->output_shift, shift = scale->shift;
  if (shift >= LEAST_SHIFT && max == INT8_MAX) {
    requantize(sums, end, factor, bias, (int32_t)(1u << (32u - shift)), min, y);
    return;
  }
  do {
    int32_t value = (int32_t)((uint32_t)*sums++ * factor) + bias;
    if (shift != 0) {
      value >>= shift - 1u;
      value = (value >> 1) + (value & 1);
    }
    *y++ = (int8_t)smaller(larger(value, min), max);
  } while (sums != end);
}

#endif
