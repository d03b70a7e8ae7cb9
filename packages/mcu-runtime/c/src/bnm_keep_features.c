/* One channel's features on their way to the ShiftNorm over all channels. Interface: bnm.h. */
#include "bnm.h"

int8_t bnm_keep_features(const int32_t *acc, uint16_t n, int8_t *y) {
  const int32_t *const end = acc + n, *next = acc;
  uint32_t bits = 0; /* the highest one is that of the maximum */
  do {
    const int32_t value = *next++;
    if (value > 0) bits |= (uint32_t)value;
  } while (next != end);
  unsigned shift = 0;
  for (bits >>= 7; bits != 0; bits >>= 1) shift++;
  const unsigned kept = shift == 0 ? 0 : shift - 1;
  do {
    const int32_t value = *acc++;
    *y++ = (int8_t)(uint8_t)((value > 0 ? (uint32_t)value : 0) >> kept);
  } while (acc != end);
  return (int8_t)shift;
}
