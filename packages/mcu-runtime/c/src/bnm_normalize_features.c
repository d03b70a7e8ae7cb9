/* The ShiftNorm of kept features. Interface: bnm.h. */
#include "bnm.h"

void bnm_normalize_features(int8_t *y, uint16_t channels, uint16_t n, const int8_t *shifts) {
  const int8_t *const end = shifts + channels;
  int common = 0;
  for (const int8_t *shift = shifts; shift != end; shift++) {
    if (*shift > common) common = *shift;
  }
  for (; shifts != end; shifts++) {
    const int left = common - *shifts + (*shifts != 0);
    for (const int8_t *const last = y + n; y != last; y++) {
      const int32_t scaled = ((2 * (int32_t)(uint8_t)*y >> left) + 1) >> 1;
      *y = (int8_t)(scaled < 127 ? scaled : 127);
    }
  }
}
