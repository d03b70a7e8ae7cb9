/* Logarithms of the power in bands. Interface: bnm_features.h. */
#include "bnm_features.h"
#include "bnm_log2_fixed.h"

#if defined(__riscv) && !defined(__riscv_mul)

/* sum + power * weight by shifts and additions; a weight has four bits. */
static uint32_t add_weighted(uint32_t sum, uint32_t power, uint_fast8_t weight) {
  do {
    if (weight & 1) sum += power;
    power <<= 1;
    weight >>= 1;
  } while (weight != 0);
  return sum;
}

#else

static uint32_t add_weighted(uint32_t sum, uint32_t power, uint_fast8_t weight) { return sum + power * weight; }

#endif

void bnm_feature_bands(const int16_t *x, const uint8_t *bands, uint32_t *scratch, int32_t *y) {
  const uint16_t n = (uint16_t)(1u << bnm_read_u8(bands++));
  const int16_t exponent = bnm_power_spectrum(x, n, scratch);
  uint_fast8_t count = bnm_read_u8(bands++);
  const uint_fast8_t shift = bnm_read_u8(bands++);
  const int32_t scale = 256 * ((int32_t)shift + 2 * (int32_t)exponent);
  for (; count != 0; count--) {
    const uint32_t *power = scratch + bnm_read_u8(bands++);
    uint32_t sum = 1;
    unsigned bins = bnm_read_u8(bands++) + 1u;
    do {
      sum = add_weighted(sum, *power++ >> shift, bnm_read_u8(bands++));
    } while (--bins != 0);
    *y++ = (int32_t)bnm_log2_fixed(sum) + scale;
  }
}
