/* Bias of a linear layer. Interface: bnm.h. */
#include "bnm.h"

void bnm_add_bias(int32_t *acc, const int32_t *bias, uint16_t n) {
  for (unsigned o = 0; o < n; o++) acc[o] += bnm_read_i32(&bias[o]);
}
