/* One channel's features on their way to the ShiftNorm over all channels. Interface: bnm.h. */
#include "bnm.h"
#include "bnm_hot.h"

BNM_CHAIN_WARM(bnm_keep_features)
int bnm_keep_features(const int32_t *acc, uint16_t n, int8_t *y) {
  const int32_t *const end = acc + n, *next = acc;
  uint32_t bits = 0; /* the highest one is that of the maximum */
  do {
    const int32_t value = *next++;
    if (value > 0) bits |= (uint32_t)value;
  } while (next != end);
  bits >>= 6;
  int shift = -1;
  do {
    shift++;
    bits >>= 1;
  } while (bits != 0);
  const int kept = shift == 0 ? 0 : shift - 1;
  do {
    const int32_t value = *acc++;
    *y++ = (int8_t)(uint8_t)((value > 0 ? (uint32_t)value : 0) >> kept);
  } while (acc != end);
  return shift;
}
