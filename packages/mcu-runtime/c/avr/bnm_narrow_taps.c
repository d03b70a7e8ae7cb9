/* Weights of a kernel as int8. Interface: bnm_planes_avr.h. */
#include "bnm_planes_avr.h"

uint8_t bnm_narrow_taps(int16_t *taps, uint16_t count, uint8_t is_rest) {
  int8_t *narrow = (int8_t *)taps;
  uint8_t has_rest = 0;
  for (; count != 0; count--) {
    const int16_t tap = *taps++;
    const int8_t nearest = tap > 127 ? 127 : tap < -128 ? -128 : (int8_t)tap;
    if (nearest != tap) has_rest = 1;
    *narrow++ = is_rest ? (int8_t)(tap - nearest) : nearest;
  }
  return has_rest;
}
