/* max(value, 0) >> shift, bytes first. */
#ifndef BNM_RELU_THEN_SHIFT_H
#define BNM_RELU_THEN_SHIFT_H

#include <stdint.h>

static inline uint32_t bnm_relu_then_shift(int32_t value, uint8_t shift) {
  if (value <= 0) return 0;
  uint32_t rest = (uint32_t)value;
  for (; shift >= 8; shift = (uint8_t)(shift - 8)) rest >>= 8;
  for (; shift != 0; shift--) rest >>= 1;
  return rest;
}

#endif
