/* Weights of a kernel as int8. Interface: bnm_planes_avr.h. */
#include "bnm_planes_avr.h"

uint8_t bnm_narrow_taps(int16_t *taps, uint16_t count, uint8_t part) {
  const int8_t *from = (const int8_t *)taps;
  int8_t *to = (int8_t *)taps;
  if (part == BNM_ALL_OF_TAPS) {
    uint8_t lost = 0;
    for (const int8_t *const end = to + count; to != end; from += 2) {
      const int8_t low = from[0];
      *to++ = low;
      lost |= (uint8_t)(from[1] ^ (low < 0 ? -1 : 0));
    }
    return lost == 0 ? BNM_ALL_OF_TAPS : BNM_NEAREST_OF_TAPS;
  }
  for (; count != 0; count--) {
    const int16_t tap = *taps++;
    const int8_t nearest = tap > 127 ? 127 : tap < -128 ? -128 : (int8_t)tap;
    *to++ = part == BNM_NEAREST_OF_TAPS ? nearest : (int8_t)(tap - nearest);
  }
  return part == BNM_NEAREST_OF_TAPS ? BNM_REST_OF_TAPS : BNM_ALL_OF_TAPS;
}
