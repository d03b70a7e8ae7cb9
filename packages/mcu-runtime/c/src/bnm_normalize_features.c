/* The ShiftNorm of kept features. Interface: bnm.h. */
#include "bnm.h"
#include "bnm_hot.h"

BNM_CHAIN_WARM(bnm_normalize_features)
void bnm_normalize_features(int8_t *y, uint16_t channels, uint16_t n, const int8_t *shifts) {
  const int8_t *const end = shifts + channels, *next = shifts;
  int common = 0;
  do {
    const int shift = *next++;
    if (shift > common) common = shift;
  } while (next != end);
  do {
    const int shift = *shifts++;
    const int left = common - shift + (shift != 0);
    const int32_t half = (int32_t)1 << left >> 1;
    const int8_t *const last = y + n;
    do {
      const int32_t scaled = ((int32_t)(uint8_t)*y + half) >> left;
      *y++ = (int8_t)(scaled < 127 ? scaled : 127);
    } while (y != last);
  } while (shifts != end);
}
