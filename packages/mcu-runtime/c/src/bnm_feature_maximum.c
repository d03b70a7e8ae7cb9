/* Largest value of a frame. Interface: bnm_features.h. */
#include "bnm_features.h"

void bnm_feature_maximum(const int16_t *x, uint16_t n, int32_t *y) {
  int16_t most = x[0];
  for (uint16_t i = 1; i < n; i++) {
    if (x[i] > most) most = x[i];
  }
  *y = most;
}
