/*
 * From the sums of a channel to int8, for the DSP extension. Interface: bnm_channel_end.h. SMMULR is the upper word of a product, rounded: by
 * 2^(32 - shift) it shifts as bnm_rounding_shift does, halves up.
 */
#include "bnm_channel_end.h"
#include "bnm_dsp.h"

#if defined(BNM_DSP)

/* From here on 2^(32 - shift) is an int32. */
#define LEAST_SHIFT 2u

static inline int32_t clamped(int32_t value, int32_t min, int32_t max) {
  value = value < min ? min : value;
  return value > max ? max : value;
}

BNM_HOT(bnm_requantize_sums)
void bnm_requantize_sums(const struct bnm_sums_scale *scale, const int32_t *sums, const int32_t *end, int8_t *y) {
  const int32_t bias = scale->bias, min = scale->min, max = scale->max;
  const uint32_t factor = 1u << scale->output_shift, shift = scale->shift;
  if (shift >= LEAST_SHIFT) {
    const int32_t power = (int32_t)(1u << (32u - shift));
    do *y++ = (int8_t)clamped(bnm_smmulr((int32_t)((uint32_t)*sums++ * factor) + bias, power), min, max);
    while (sums != end);
    return;
  }
  do {
    const int32_t value = (int32_t)((uint32_t)*sums++ * factor) + bias;
    *y++ = (int8_t)clamped(shift == 0 ? value : (value >> 1) + (value & 1), min, max);
  } while (sums != end);
}

#endif
