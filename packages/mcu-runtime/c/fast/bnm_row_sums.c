/* Interface: bnm_row_sums.h. */
#include "bnm_row_sums.h"

#include "bnm_hot.h"

/* acc[o] = factor * sums[o]. */
#if defined(__riscv) && !defined(__riscv_mul)

/* By shifts and additions in place, two rows at a time: calls of the general multiplication take three times as long. */
static void multiply(const int16_t *sums, unsigned outputs, int factor, int32_t *acc) {
  const uint32_t magnitude = (uint32_t)(factor < 0 ? -factor : factor);
  int32_t *const end = acc + outputs;
  while (acc < end) {
    uint32_t row = (uint32_t)*sums++, other_row = (uint32_t)*sums++, product = 0, other_product = 0;
    for (uint32_t rest = magnitude; rest != 0; rest >>= 1, row <<= 1, other_row <<= 1) {
      if ((rest & 1u) == 0) continue;
      product += row;
      other_product += other_row;
    }
    *acc++ = (int32_t)(factor < 0 ? 0u - product : product);
    /* The sums end with a whole pair, acc does not. */
    if (acc < end) *acc++ = (int32_t)(factor < 0 ? 0u - other_product : other_product);
  }
}

/* Not unrolled: parts without a multiplier are also those with the least flash. */
static void clear(int32_t *acc, unsigned outputs) {
  for (unsigned o = 0; o < outputs; o++) acc[o] = 0;
}

#else

static void multiply(const int16_t *sums, unsigned outputs, int factor, int32_t *acc) {
  for (unsigned o = 0; o < outputs; o++) acc[o] = factor * sums[o];
}

static void clear(int32_t *acc, unsigned outputs) {
  int32_t *const end = acc + outputs;
  for (; end - acc >= 4; acc += 4) acc[0] = acc[1] = acc[2] = acc[3] = 0;
  while (acc != end) *acc++ = 0;
}

#endif

BNM_WARM(bnm_start_from_row_sums) BNM_WORD_ALIGNED
const uint8_t *bnm_start_from_row_sums(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                                       int32_t *mode) {
  const int value = x[0];
  const uint32_t has_sums = *(const uint32_t *)(const void *)weights;
  weights += 4;
  const int16_t *sums = (const int16_t *)(const void *)weights;
  if (has_sums != 0) weights += 4u * ((outputs + 1u) / 2u);
  if (has_sums != 0 && value == x[inputs - 1u]) {
    *mode = value;
    multiply(sums, outputs, value, acc);
  } else {
    *mode = 0;
    clear(acc, outputs);
  }
  return weights;
}

void bnm_negate(int32_t *acc, unsigned n) {
  for (unsigned i = 0; i < n; i++) acc[i] = -acc[i];
}
