/* One channel's features on their way to the ShiftNorm over all channels. Interface: bnm.h. */
#include "bnm.h"

int8_t bnm_keep_features(const int32_t *acc, uint16_t n, int8_t *y) {
  const int32_t *const end = acc + n;
  uint32_t bits = 0; /* the highest one is that of the maximum */
  for (const int32_t *a = acc; a != end; a++) {
    if (*a > 0) bits |= (uint32_t)*a;
  }
  int8_t shift = 0;
  for (bits >>= 7; bits != 0; bits >>= 1) shift++;
  const int kept = shift == 0 ? 0 : shift - 1;
  for (; acc != end; acc++) *y++ = (int8_t)(uint8_t)((*acc > 0 ? *acc : 0) >> kept);
  return shift;
}
