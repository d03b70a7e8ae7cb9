/* Logarithms of the power in bands. Interface: bnm_features.h. */
#include "bnm_features.h"
#include "bnm_log2_fixed.h"

void bnm_feature_bands(const int16_t *x, const uint8_t *bands, uint32_t *scratch, int32_t *y) {
  const uint16_t n = (uint16_t)(1u << bnm_read_u8(bands++));
  const int16_t exponent = bnm_power_spectrum(x, n, scratch);
  const uint8_t count = bnm_read_u8(bands++);
  const uint8_t shift = bnm_read_u8(bands++);
  const int32_t scale = 256 * ((int32_t)shift + 2 * (int32_t)exponent);
  for (uint8_t band = 0; band < count; band++) {
    const uint32_t *power = scratch + bnm_read_u8(bands++);
    uint32_t sum = 0;
    for (unsigned bins = bnm_read_u8(bands++) + 1u; bins > 0; bins--) {
      sum += (*power++ >> shift) * bnm_read_u8(bands++);
    }
    y[band] = bnm_log2_fixed(sum + 1) + scale;
  }
}
