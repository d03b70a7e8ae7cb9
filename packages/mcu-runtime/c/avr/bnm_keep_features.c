/* One channel's features on their way to the ShiftNorm over all channels. Interface: bnm.h. */
#include "bnm.h"
#include "bnm_kept_bits.h"

int bnm_keep_features(const int32_t *acc, uint16_t n, int8_t *y) {
  const uint8_t shift = bnm_norm_shift(acc, n);
  const struct bnm_kept kept = bnm_kept_of((uint8_t)(shift == 0 ? 0 : shift - 1));
  for (const int32_t *const end = acc + n; acc != end; acc++) *y++ = (int8_t)(*acc > 0 ? bnm_kept_bits(acc, kept) : 0);
  return shift;
}
