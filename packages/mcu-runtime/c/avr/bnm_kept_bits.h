/* value >> kept where that fits 8 bits, of values from 0 on: a shift of 16 bits, from the byte that matters. */
#ifndef BNM_KEPT_BITS_H
#define BNM_KEPT_BITS_H

#include <stdint.h>

/* Which bytes are shifted, and how far. */
struct bnm_kept {
  uint8_t byte, shift;
};

static inline struct bnm_kept bnm_kept_of(uint8_t kept) {
  struct bnm_kept at = {0, kept};
  for (; at.shift > 8; at.shift = (uint8_t)(at.shift - 8)) at.byte++;
  return at;
}

static inline uint8_t bnm_kept_bits(const int32_t *value, struct bnm_kept at) {
  const uint8_t *const bytes = (const uint8_t *)value + at.byte;
  uint16_t bits = (uint16_t)(bytes[0] | (uint16_t)(bytes[1] << 8));
  for (uint8_t shift = at.shift; shift != 0; shift--) bits >>= 1;
  return (uint8_t)bits;
}

/* The bit length of max(max, 0) >> 7 of n values. */
static inline uint8_t bnm_norm_shift(const int32_t *acc, uint16_t n) {
  uint32_t bits = 0; /* the highest one is that of the maximum */
  for (const int32_t *const end = acc + n; acc != end; acc++) {
    if (*acc > 0) bits |= (uint32_t)*acc;
  }
  uint8_t shift = 0;
  for (bits >>= 7; bits != 0; bits >>= 1) shift++;
  return shift;
}

#endif
