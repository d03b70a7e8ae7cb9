/* Sum of two tensors, the first times a small integer, each scaled by a power of two. Interface: bnm.h. */
#include "bnm.h"

void bnm_add_scaled(const int32_t *a, const int32_t *b, uint16_t n, int8_t multiplier, uint8_t shift_a, uint8_t shift_b,
                    int32_t *y) {
  const uint32_t factor = (uint32_t)(int32_t)multiplier << shift_a;
  for (unsigned i = 0; i < n; i++) y[i] = (int32_t)(factor * (uint32_t)a[i] + ((uint32_t)b[i] << shift_b));
}
