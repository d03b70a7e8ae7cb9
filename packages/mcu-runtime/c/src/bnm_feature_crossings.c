/* How often a frame crosses its mean. Interface: bnm_features.h. */
#include "bnm_features.h"

void bnm_feature_crossings(const int16_t *x, uint16_t n, int32_t *y) {
  const int16_t mean = bnm_integer_mean(x, n);
  int32_t count = 0;
  for (uint16_t i = 1; i < n; i++) count += (x[i] < mean) != (x[i - 1] < mean);
  *y = count;
}
