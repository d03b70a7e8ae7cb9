/* ReLU with half of the maximum as threshold. Interface: bnm.h. */
#include "bnm.h"

void bnm_top_relu(const int32_t *acc, uint16_t n, int32_t *y) {
  int32_t max = 0;
  for (unsigned i = 0; i < n; i++) {
    if (acc[i] > max) max = acc[i];
  }
  for (unsigned i = 0; i < n; i++) {
    /* In this order nothing leaves int32. */
    const int32_t below = acc[i] > 0 ? max - acc[i] : 0;
    y[i] = acc[i] > below ? acc[i] - below : 0;
  }
}
