/* Weights of a kernel that int8 does not hold, as two. Interface: bnm_planes_avr.h. */
#include "bnm_planes_avr.h"

void bnm_split_taps(int16_t *taps, uint16_t count, uint8_t is_rest) {
  int8_t *to = (int8_t *)taps;
  for (; count != 0; count--) {
    const int16_t tap = *taps++;
    const int8_t nearest = tap > 127 ? 127 : tap < -128 ? -128 : (int8_t)tap;
    *to++ = is_rest ? (int8_t)(tap - nearest) : nearest;
  }
}
