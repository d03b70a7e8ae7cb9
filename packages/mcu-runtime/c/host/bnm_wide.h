/* Four int32 at once, in the vector extension of GCC and Clang: SIMD128 in WebAssembly, SSE or NEON on the host. */
#ifndef BNM_WIDE_H
#define BNM_WIDE_H

#include <stdint.h>

typedef int32_t bnm_wide __attribute__((vector_size(16)));

enum { BNM_WIDE_LANES = 4 };

static inline bnm_wide bnm_wide_load_int32(const int32_t *x) {
  bnm_wide wide;
  __builtin_memcpy(&wide, x, sizeof wide);
  return wide;
}

static inline bnm_wide bnm_wide_load_int8(const int8_t *x) {
  const bnm_wide wide = {x[0], x[1], x[2], x[3]};
  return wide;
}

static inline void bnm_wide_store(int32_t *y, bnm_wide wide) { __builtin_memcpy(y, &wide, sizeof wide); }

#endif
