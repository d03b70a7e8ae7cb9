/* Linear layer over unpacked integers, eight products at once where WebAssembly has SIMD. Interface: bnm_host.h. */
#include "bnm_host.h"

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>

/* Sums of four rows; the inputs are widened once for all of them. */
static v128_t four_rows(const int8_t *x, unsigned inputs, const int16_t *w) {
  const unsigned stride = inputs;
  v128_t s0 = wasm_i32x4_const_splat(0);
  v128_t s1 = s0;
  v128_t s2 = s0;
  v128_t s3 = s0;
  unsigned i = 0;
  for (; i + 8 <= inputs; i += 8) {
    const v128_t wide = wasm_i16x8_load8x8(&x[i]);
    s0 = wasm_i32x4_add(s0, wasm_i32x4_dot_i16x8(wide, wasm_v128_load(&w[i])));
    s1 = wasm_i32x4_add(s1, wasm_i32x4_dot_i16x8(wide, wasm_v128_load(&w[stride + i])));
    s2 = wasm_i32x4_add(s2, wasm_i32x4_dot_i16x8(wide, wasm_v128_load(&w[2 * stride + i])));
    s3 = wasm_i32x4_add(s3, wasm_i32x4_dot_i16x8(wide, wasm_v128_load(&w[3 * stride + i])));
  }
  /* Transposed and added up: lane k is the sum of row k. */
  const v128_t t0 = wasm_i32x4_add(wasm_i32x4_shuffle(s0, s1, 0, 4, 1, 5), wasm_i32x4_shuffle(s0, s1, 2, 6, 3, 7));
  const v128_t t1 = wasm_i32x4_add(wasm_i32x4_shuffle(s2, s3, 0, 4, 1, 5), wasm_i32x4_shuffle(s2, s3, 2, 6, 3, 7));
  v128_t sum = wasm_i32x4_add(wasm_i32x4_shuffle(t0, t1, 0, 1, 4, 5), wasm_i32x4_shuffle(t0, t1, 2, 3, 6, 7));
  for (; i < inputs; i++) {
    const v128_t column = wasm_i32x4_make(w[i], w[stride + i], w[2 * stride + i], w[3 * stride + i]);
    sum = wasm_i32x4_add(sum, wasm_i32x4_mul(column, wasm_i32x4_splat(x[i])));
  }
  return sum;
}
#endif

void bnm_linear_int16(const int8_t *x, uint16_t inputs, const int16_t *weights, uint16_t outputs, int32_t *acc) {
  unsigned o = 0;
#if defined(__wasm_simd128__)
  for (; o + 4 <= outputs; o += 4) {
    wasm_v128_store(&acc[o], four_rows(x, inputs, weights));
    weights += 4u * inputs;
  }
#endif
  for (; o < outputs; o++) {
    int32_t sum = 0;
    for (unsigned i = 0; i < inputs; i++) sum += x[i] * weights[i];
    weights += inputs;
    acc[o] = sum;
  }
}
