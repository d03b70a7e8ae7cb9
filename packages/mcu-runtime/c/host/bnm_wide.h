/* Four int32 at once, in the vector extension of GCC and Clang: SIMD128 in WebAssembly, SSE or NEON on the host. */
#ifndef BNM_WIDE_H
#define BNM_WIDE_H

#include <stdint.h>

typedef int32_t bnm_wide __attribute__((vector_size(16)));

enum { BNM_WIDE_LANES = 4 };

/* No alignment is needed. */
static inline bnm_wide bnm_wide_load(const int32_t *x) {
  bnm_wide wide;
  __builtin_memcpy(&wide, x, sizeof wide);
  return wide;
}

static inline void bnm_wide_store(int32_t *y, bnm_wide wide) { __builtin_memcpy(y, &wide, sizeof wide); }

static inline bnm_wide bnm_wide_max(bnm_wide a, bnm_wide b) {
  const bnm_wide greater = a > b;
  return (a & greater) | (b & ~greater);
}

/* Elements 0, 2, … and 1, 3, … of the eight that a and b are together. */
static inline bnm_wide bnm_wide_even(bnm_wide a, bnm_wide b) {
  const bnm_wide even = {a[0], a[2], b[0], b[2]};
  return even;
}

static inline bnm_wide bnm_wide_odd(bnm_wide a, bnm_wide b) {
  const bnm_wide odd = {a[1], a[3], b[1], b[3]};
  return odd;
}

#endif
