/* Rounded mean. Interface: bnm_features.h. */
#include "bnm_features.h"

int16_t bnm_integer_mean(const int16_t *x, uint16_t n) {
  int32_t sum = n >> 1;
  for (uint16_t i = 0; i < n; i++) sum += x[i];
  /* Divisions of C round to zero, this one down. */
  return (int16_t)(sum >= 0 ? sum / n : -((-sum + n - 1) / n));
}
