/* Least value of a frame. Interface: bnm_features.h. */
#include "bnm_features.h"

void bnm_feature_minimum(const int16_t *x, uint16_t n, int32_t *y) {
  int16_t least = x[0];
  for (uint16_t i = 1; i < n; i++) {
    if (x[i] < least) least = x[i];
  }
  *y = least;
}
