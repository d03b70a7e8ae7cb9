/* Index of the first maximum. Interface: bnm.h. */
#include "bnm.h"

uint16_t bnm_argmax(const int32_t *acc, uint16_t n) {
  uint16_t best = 0;
  for (uint16_t i = 1; i < n; i++) {
    if (acc[i] > acc[best]) best = i;
  }
  return best;
}
