/* A second-order recursive filter. Interface: bnm_features.h. */
#include "bnm_features.h"

static int16_t rounded(int32_t sum) {
  const int32_t value = (sum + 4096) >> 13;
  return (int16_t)(value < -32768 ? -32768 : value > 32767 ? 32767 : value);
}

void bnm_filter_biquad(const int16_t *x, uint16_t n, const int16_t *coefficients, int16_t *y) {
  int16_t c[6];
  for (uint8_t i = 0; i < 6; i++) c[i] = (int16_t)bnm_read_u16(coefficients + i);
  int16_t x1 = x[0], x2 = x[0];
  int16_t y1 = rounded((int32_t)c[5] * x[0]);
  int16_t y2 = y1;
  for (uint16_t i = 0; i < n; i++) {
    const int16_t value = x[i];
    /* The magnitudes of the coefficients add up to at most 65535: no partial sum leaves int32. */
    const int16_t result = rounded((int32_t)c[0] * value + (int32_t)c[1] * x1 + (int32_t)c[2] * x2 - (int32_t)c[3] * y1 -
                                   (int32_t)c[4] * y2);
    x2 = x1;
    x1 = value;
    y2 = y1;
    y1 = result;
    y[i] = result;
  }
}
