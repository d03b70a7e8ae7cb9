/* The logarithm of raw values and of powers of bands: docs/integer-inference.md (Raw values). */
#ifndef BNM_LOG2_FIXED_H
#define BNM_LOG2_FIXED_H

#include <stdint.h>

/* 256 * log2(n), linear between powers of two: the exponent, and 8 bits behind the first one. n >= 1. */
static inline uint_fast16_t bnm_log2_fixed(uint32_t n) {
  uint_fast16_t exponent = 31 * 256;
  for (; (n & 0x80000000u) == 0; n <<= 1) exponent -= 256;
  return exponent | (uint8_t)(n >> 23);
}

#endif
