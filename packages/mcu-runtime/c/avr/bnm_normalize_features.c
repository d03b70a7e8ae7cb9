/* The ShiftNorm of kept features, in 8 bits. Interface: bnm.h. */
#include "bnm.h"

void bnm_normalize_features(int8_t *y, uint16_t channels, uint16_t n, const int8_t *shifts) {
  const int8_t *const end = shifts + channels;
  int8_t common = 0;
  for (const int8_t *shift = shifts; shift != end; shift++) {
    if (*shift > common) common = *shift;
  }
  for (; shifts != end; shifts++) {
    const uint8_t left = (uint8_t)(common - *shifts + (*shifts != 0));
    for (const int8_t *const last = y + n; y != last; y++) {
      uint8_t value = (uint8_t)*y;
      if (value == 0) continue;
      if (left != 0) {
        for (uint8_t i = left; i != 1 && value != 0; i--) value >>= 1;
        value = (uint8_t)((value >> 1) + (value & 1u));
      }
      *y = (int8_t)(value < 127u ? value : 127u);
    }
  }
}
