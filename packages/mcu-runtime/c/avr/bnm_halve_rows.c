/* Maxima of 2x2 of two rows. Interface: bnm_planes_avr.h. */
#include "bnm_planes_avr.h"

void bnm_halve_rows(const int32_t *x, uint16_t width, int32_t *y) {
  const int32_t *below = x + width;
  for (uint16_t pairs = width / 2u; pairs != 0; pairs--, x += 2, below += 2) {
    int32_t maximum = x[0];
    if (x[1] > maximum) maximum = x[1];
    if (below[0] > maximum) maximum = below[0];
    if (below[1] > maximum) maximum = below[1];
    *y++ = maximum;
  }
}
