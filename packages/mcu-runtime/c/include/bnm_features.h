/*
 * BitNetMCU runtime: features of signals in integers of 32 bits. Defined in docs/integer-inference.md (Features of signals); TypeScript
 * (@bitnetmcu/models) is the reference. Of every function: x are n int16 of a frame of one channel, n in 2 … 32 768.
 */
#ifndef BNM_FEATURES_H
#define BNM_FEATURES_H

#include <stdint.h>

#include "bnm_memory.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Features: y is one value ---- */
void bnm_feature_mean(const int16_t *x, uint16_t n, int32_t *y);
void bnm_feature_deviation(const int16_t *x, uint16_t n, int32_t *y);
void bnm_feature_minimum(const int16_t *x, uint16_t n, int32_t *y);
void bnm_feature_maximum(const int16_t *x, uint16_t n, int32_t *y);
void bnm_feature_crossings(const int16_t *x, uint16_t n, int32_t *y);
void bnm_feature_rms(const int16_t *x, uint16_t n, int32_t *y);

/* Logarithms of the power in bands of the spectrum.
 * bands    in flash: the logarithm to base 2 of n, which is 64, 128, 256 or 512; how many bands; the shift of powers; of each band its first bin, its bins less one, a weight of 0 … 15 for each of them
 * scratch  n/2 values
 * y        a value a band */
void bnm_feature_bands(const int16_t *x, const uint8_t *bands, uint32_t *scratch, int32_t *y);

/* ---- Filters: y are n values and may be x (in place) ---- */
void bnm_filter_difference(const int16_t *x, uint16_t n, int16_t *y);

/* coefficients  in flash: b0, b1, b2, a1, a2 and the gain of a constant; 8192 stands for 1 */
void bnm_filter_biquad(const int16_t *x, uint16_t n, const int16_t *coefficients, int16_t *y);

/* ---- Parts of them ---- */

/* Rounded mean; n in 1 … 32 768. */
int16_t bnm_integer_mean(const int16_t *x, uint16_t n);

/* 16 times the root of the mean square of x - offset. */
int32_t bnm_root_mean_square(const int16_t *x, uint16_t n, int16_t offset);

/* Four times the powers of bins 0 … n/2 - 1 of x less its mean, under a Hann window; returns the exponent of 4 that they are to be
 * multiplied by. */
int16_t bnm_power_spectrum(const int16_t *x, uint16_t n, uint32_t *powers);

/* 32768 times the sine of i 512ths of a turn, at most 32767; i in 0 … 128. In flash. */
extern const int16_t bnm_quarter_sine[129];

/* Bits of n without leading zeros. */
static inline int_fast16_t bnm_bit_length(uint32_t n) {
  int_fast16_t bits = 0;
  for (; n != 0; n >>= 1) bits++;
  return bits;
}

#ifdef __cplusplus
}
#endif

#endif
