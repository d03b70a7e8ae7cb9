/* ReLU and dynamic normalization to 7 bits. Interface: bnm.h. */
#include "bnm.h"

void bnm_shift_norm_relu(const int32_t *acc, uint16_t n, int8_t *y) {
  int32_t max = 0;
  for (unsigned i = 0; i < n; i++) {
    if (acc[i] > max) max = acc[i];
  }
  unsigned shift = 0;
  for (uint32_t rest = (uint32_t)max >> 7; rest != 0; rest >>= 1) shift++;
  const uint32_t half = ((uint32_t)1 << shift) >> 1;

  for (unsigned i = 0; i < n; i++) {
    const int32_t value = acc[i];
    /* Unsigned: a value near 2^31 plus the rounding term would not fit int32. */
    const uint32_t scaled = value > 0 ? ((uint32_t)value + half) >> shift : 0;
    y[i] = (int8_t)(scaled < 127u ? scaled : 127u);
  }
}
