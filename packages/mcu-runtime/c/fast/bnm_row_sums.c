/* Interface: bnm_row_sums.h. */
#include "bnm_row_sums.h"

#include "bnm_hot.h"

/* acc[o] = factor * sums[o]. */
#if defined(__riscv) && !defined(__riscv_mul)

/* By shifts and additions in place: a call of the general multiplication takes twice as long. */
static void multiply(const int16_t *sums, unsigned outputs, int factor, int32_t *acc) {
  const unsigned magnitude = (unsigned)(factor < 0 ? -factor : factor);
  for (const int32_t *end = acc + outputs; acc != end; acc++) {
    uint32_t row = (uint32_t)*sums++, product = 0;
    for (unsigned rest = magnitude; rest != 0; rest >>= 1, row <<= 1) {
      if (rest & 1u) product += row;
    }
    *acc = (int32_t)(factor < 0 ? 0u - product : product);
  }
}

#else

static void multiply(const int16_t *sums, unsigned outputs, int factor, int32_t *acc) {
  for (unsigned o = 0; o < outputs; o++) acc[o] = factor * sums[o];
}

#endif

BNM_WARM(bnm_start_from_row_sums)
const uint8_t *bnm_start_from_row_sums(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                                       int32_t *background) {
  const int value = x[0];
  const uint32_t has_sums = *(const uint32_t *)(const void *)weights;
  weights += 4;
  const int16_t *sums = (const int16_t *)(const void *)weights;
  if (has_sums != 0) weights += 4u * ((outputs + 1u) / 2u);
  if (has_sums != 0 && value == x[inputs - 1u]) {
    *background = value;
    multiply(sums, outputs, value, acc);
  } else {
    *background = 0;
    for (unsigned o = 0; o < outputs; o++) acc[o] = 0;
  }
  return weights;
}

void bnm_negate(int32_t *acc, unsigned n) {
  for (unsigned i = 0; i < n; i++) acc[i] = -acc[i];
}
