/* ReLU and fixed right shift. Interface: bnm.h. */
#include "bnm.h"

void bnm_relu_shift(const int32_t *acc, uint16_t n, uint8_t shift, int32_t *y) {
  for (unsigned i = 0; i < n; i++) y[i] = acc[i] > 0 ? acc[i] >> shift : 0;
}
