/* Differences of neighbours. Interface: bnm_features.h. */
#include "bnm_features.h"

void bnm_filter_difference(const int16_t *x, uint16_t n, int16_t *y) {
  int16_t last = x[0];
  for (uint16_t i = 0; i < n; i++) {
    const int16_t value = x[i];
    const int32_t d = (int32_t)value - last;
    y[i] = (int16_t)(d < -32768 ? -32768 : d > 32767 ? 32767 : d);
    last = value;
  }
}
