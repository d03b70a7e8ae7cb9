/* Interface: bnm_row_sums.h. */
#include "bnm_row_sums.h"

#include "bnm_hot.h"

/* acc[o] = factor * sums[o]. */
#if defined(__riscv) && !defined(__riscv_mul)

/* By shifts: three cover most backgrounds (19 = 16 + 2 + 1); the general loop does the others. */
BNM_WARM(bnm_multiply_row_sums) static void multiply(const int16_t *sums, unsigned outputs, int factor, int32_t *acc) {
  const int32_t negative = factor < 0 ? -1 : 0;
  const unsigned magnitude = (unsigned)(factor < 0 ? -factor : factor);
  unsigned shift[3] = {0, 0, 0};
  uint32_t mask[3] = {0, 0, 0};
  unsigned terms = 0;
  for (unsigned bit = 0; magnitude >> bit != 0; bit++) {
    if ((magnitude >> bit & 1u) == 0) continue;
    if (terms < 3) {
      shift[terms] = bit;
      mask[terms] = UINT32_MAX;
    }
    terms++;
  }
  for (const int32_t *end = acc + outputs; acc != end; acc++) {
    const uint32_t row = (uint32_t)*sums++;
    int32_t product;
    if (terms <= 3) {
      product = (int32_t)((row << shift[0] & mask[0]) + (row << shift[1] & mask[1]) + (row << shift[2] & mask[2]));
    } else {
      uint32_t sum = 0, shifted = row;
      for (unsigned rest = magnitude; rest != 0; rest >>= 1, shifted <<= 1) {
        if (rest & 1u) sum += shifted;
      }
      product = (int32_t)sum;
    }
    *acc = (product ^ negative) - negative;
  }
}

#else

static void multiply(const int16_t *sums, unsigned outputs, int factor, int32_t *acc) {
  for (unsigned o = 0; o < outputs; o++) acc[o] = factor * sums[o];
}

#endif

BNM_WARM(bnm_start_from_row_sums) const uint8_t *bnm_start_from_row_sums(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                                       int32_t *background) {
  const int value = x[0];
  const uint32_t has_sums = *(const uint32_t *)(const void *)weights;
  weights += 4;
  *background = 0;
  if (has_sums == 0) {
    for (unsigned o = 0; o < outputs; o++) acc[o] = 0;
    return weights;
  }
  const int16_t *sums = (const int16_t *)(const void *)weights;
  weights += 4u * ((outputs + 1u) / 2u);
  if (value != x[inputs - 1u]) {
    for (unsigned o = 0; o < outputs; o++) acc[o] = 0;
    return weights;
  }
  *background = value;
  multiply(sums, outputs, value, acc);
  return weights;
}

void bnm_negate(int32_t *acc, unsigned n) {
  for (unsigned i = 0; i < n; i++) acc[i] = -acc[i];
}
