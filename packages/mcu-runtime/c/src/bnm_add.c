/* Sum of two tensors, each scaled by a power of two. Interface: bnm.h. */
#include "bnm.h"

void bnm_add(const int32_t *a, const int32_t *b, uint16_t n, uint8_t shift_a, uint8_t shift_b, int32_t *y) {
  for (unsigned i = 0; i < n; i++) y[i] = (int32_t)(((uint32_t)a[i] << shift_a) + ((uint32_t)b[i] << shift_b));
}
