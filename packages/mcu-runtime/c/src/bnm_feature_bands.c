/* Logarithms of the power in bands. Interface: bnm_features.h. */
#include "bnm_features.h"
#include "bnm_log2_fixed.h"

#if defined(__riscv) && !defined(__riscv_mul)

/* By shifts and additions; a weight has four bits. */
static uint32_t weighted(uint32_t power, uint8_t weight) {
  uint32_t sum = 0;
  if (weight & 1) sum += power;
  if (weight & 2) sum += power << 1;
  if (weight & 4) sum += power << 2;
  if (weight & 8) sum += power << 3;
  return sum;
}

#else

static uint32_t weighted(uint32_t power, uint8_t weight) { return power * weight; }

#endif

void bnm_feature_bands(const int16_t *x, const uint8_t *bands, uint32_t *scratch, int32_t *y) {
  const uint16_t n = (uint16_t)(1u << bnm_read_u8(bands++));
  const int16_t exponent = bnm_power_spectrum(x, n, scratch);
  const uint8_t count = bnm_read_u8(bands++);
  const uint8_t shift = bnm_read_u8(bands++);
  const int32_t scale = 256 * ((int32_t)shift + 2 * (int32_t)exponent);
  for (uint8_t band = 0; band < count; band++) {
    const uint32_t *power = scratch + bnm_read_u8(bands++);
    uint32_t sum = 0;
    unsigned bins = bnm_read_u8(bands++) + 1u;
    do {
      sum += weighted(*power++ >> shift, bnm_read_u8(bands++));
    } while (--bins != 0);
    y[band] = bnm_log2_fixed(sum + 1) + scale;
  }
}
