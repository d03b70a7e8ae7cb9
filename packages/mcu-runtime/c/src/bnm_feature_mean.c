/* Mean of a frame. Interface: bnm_features.h. */
#include "bnm_features.h"

void bnm_feature_mean(const int16_t *x, uint16_t n, int32_t *y) {
  *y = bnm_integer_mean(x, n);
}
