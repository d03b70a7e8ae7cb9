/* Zeros. Interface: bnm.h. */
#include "bnm.h"

void bnm_clear(int8_t *y, uint32_t n) {
  for (const int8_t *const end = y + n; y != end; y++) *y = 0;
}
