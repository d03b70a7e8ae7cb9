/* From the sums of a channel to int8. Interface: bnm_channel_end.h. */
#include "bnm_channel_end.h"
#include "bnm_hot.h"

#if !defined(BNM_THUMB) && !defined(BNM_DSP)

BNM_HOT(bnm_requantize_sums)
void bnm_requantize_sums(const struct bnm_sums_scale *scale, const int32_t *sums, const int32_t *end, int8_t *y) {
  const uint32_t output_shift = scale->output_shift, range = (uint32_t)(scale->max - scale->min);
  /* As bnm_rounding_shift; shift 0 keeps the last bit. */
  const uint32_t half = scale->shift != 0, shift = scale->shift - half;
  const int32_t bias = scale->bias, min = scale->min;
  do {
    int32_t scaled = ((int32_t)((uint32_t)*sums << output_shift) + bias) >> shift;
    const int32_t last = scaled & (int32_t)half;
    scaled = (scaled >> half) + last;
    /* One comparison for most of them. */
    if ((uint32_t)scaled - (uint32_t)min > range) scaled = scaled < min ? min : min + (int32_t)range;
    *y++ = (int8_t)scaled;
  } while (++sums != end);
}

#endif
