/* Per-output scaling by powers of two. Interface: bnm.h. */
#include "bnm.h"

void bnm_output_shift(int32_t *acc, const uint8_t *shifts, uint16_t n) {
  for (unsigned o = 0; o < n; o++) acc[o] = (int32_t)((uint32_t)acc[o] << bnm_read_u8(&shifts[o]));
}
