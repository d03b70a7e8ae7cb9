/* int8 activations as int32. Interface: bnm.h. */
#include "bnm.h"

void bnm_widen(const int8_t *x, uint16_t n, int32_t *y) {
  /* From the end, so that in place no byte is overwritten before it is read. */
  for (unsigned i = n; i-- > 0;) y[i] = x[i];
}
