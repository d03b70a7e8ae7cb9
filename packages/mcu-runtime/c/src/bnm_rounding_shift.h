/* Rounding right shift, shared by the requantization kernels. */
#ifndef BNM_ROUNDING_SHIFT_H
#define BNM_ROUNDING_SHIFT_H

#include <stdint.h>

/* floor((acc + 2^(shift-1)) / 2^shift), acc for shift 0; adding the last bit shifted out cannot overflow. */
static inline int32_t bnm_rounding_shift(int32_t acc, uint8_t shift) {
  if (shift == 0) return acc;
  const int32_t doubled = acc >> (shift - 1);
  return (doubled >> 1) + (doubled & 1);
}

#endif
