/* ReLU and dynamic normalization to 7 bits by the maximum. Interface: bnm.h. */
#include "bnm.h"

void bnm_max_abs_norm_relu(const int32_t *acc, uint16_t n, int8_t *y) {
  int32_t max = 0;
  for (unsigned i = 0; i < n; i++) {
    if (acc[i] > max) max = acc[i];
  }
  /* Below 2^23, so that 254 * a + divisor fits. */
  unsigned shift = 0;
  for (uint32_t rest = (uint32_t)max >> 23; rest != 0; rest >>= 1) shift++;
  const uint32_t divisor = (uint32_t)max >> shift;

  for (unsigned i = 0; i < n; i++) {
    if (acc[i] <= 0) {
      y[i] = 0;
      continue;
    }
    /* The quotient has 7 bits: subtracting them one by one is faster than a division on cores without a divider. */
    const uint32_t a = (uint32_t)acc[i] >> shift;
    uint32_t rest = (a << 8) - (a << 1) + divisor;
    uint32_t step = divisor << 7;
    unsigned quotient = 0;
    for (unsigned bit = 0; bit < 7; bit++) {
      quotient <<= 1;
      if (rest >= step) {
        rest -= step;
        quotient |= 1;
      }
      step >>= 1;
    }
    y[i] = (int8_t)quotient;
  }
}
