/* Weights of a kernel as int8. Interface: bnm_planes_avr.h. */
#include "bnm_planes_avr.h"

uint8_t bnm_narrow_taps(int16_t *taps, uint16_t count) {
  const int8_t *from = (const int8_t *)taps;
  int8_t *to = (int8_t *)taps;
  uint16_t magnitudes = 0;
  uint8_t lost = 0;
  for (const int8_t *const end = to + count; to != end; from += 2) {
    const int8_t low = from[0];
    uint8_t magnitude = (uint8_t)low, sign = 0;
    if (low < 0) {
      magnitude = (uint8_t)-magnitude;
      sign = 0xff;
    }
    magnitudes += magnitude;
    lost |= (uint8_t)from[1] ^ sign;
    *to++ = low;
  }
  if (lost != 0) return BNM_LARGE_TAPS;
  return magnitudes <= 255u && count < 256u ? BNM_SMALL_TAPS : BNM_INT8_TAPS;
}
