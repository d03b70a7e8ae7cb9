/* Root mean square of a frame. Interface: bnm_features.h. */
#include "bnm_features.h"

void bnm_feature_rms(const int16_t *x, uint16_t n, int32_t *y) {
  *y = bnm_root_mean_square(x, n, 0);
}
