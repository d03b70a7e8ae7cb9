/*
 * Raw values of sensors and tables to int8 inputs, in integers of at most 32 bits: docs/integer-inference.md, "Raw values".
 * For a raw value r: t = (min(max(r, low), high) - low) >> pre_shift, or of it 256 * log2(t + 1) linear between powers of two;
 * int8 = (t * multiplier + bias) >> shift. Models that were loaded or exported are proven to stay in these ranges for every r.
 */
#ifndef BNM_RAW_H
#define BNM_RAW_H

#include <stdint.h>

#include "bnm_memory.h"

#ifdef __cplusplus
extern "C" {
#endif

/* In curve: by the logarithm. */
#define BNM_RAW_LOG2 0x80

/* How the values of one column of a table, or of one channel of a signal, become int8. 16 bytes. */
typedef struct bnm_raw_feature {
  int32_t low, high;   /* raw values outside count as these; low < high */
  int32_t bias;        /* half a step of rounding is part of it */
  uint16_t multiplier; /* 0 … 65 535 */
  uint8_t curve;       /* pre_shift, 0 … 31; BNM_RAW_LOG2 besides for the logarithm */
  uint8_t shift;       /* 0 … 31 */
} bnm_raw_feature;

/* Quantizes a raw sample, or several features of one.
 * values    features * run values: `run` of each feature one after another
 * features  1 … 65 535
 * run       1 … 65 535: 1 for the rows of a table, the length of the window for signals
 * table     in flash; `features` records
 * input     features * run int8; must not overlap values, but may be the memory of uint8_t values */
void bnm_quantize_raw_u8(const uint8_t *values, uint16_t features, uint16_t run, const bnm_raw_feature *table,
                         int8_t *input);
void bnm_quantize_raw_i16(const int16_t *values, uint16_t features, uint16_t run, const bnm_raw_feature *table,
                          int8_t *input);
void bnm_quantize_raw_i32(const int32_t *values, uint16_t features, uint16_t run, const bnm_raw_feature *table,
                          int8_t *input);

/* Of float values r is value * 10^decimals in float, rounded half to even to an int32, clamped; what is no number is 0. One product a
 * value is all the floating point: on a part without a unit for it that is a call of the compiler's library.
 * decimals  in flash; `features` of 0 … 9 */
void bnm_quantize_raw_f32(const float *values, uint16_t features, uint16_t run, const bnm_raw_feature *table,
                          const uint8_t *decimals, int8_t *input);

#ifdef __cplusplus
}
#endif

#endif
