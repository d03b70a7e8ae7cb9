/* ReLU and dynamic normalization to 7 bits: one bit more than that is kept, and rounded. Interface: bnm.h. */
#include "bnm.h"
#include "bnm_kept_bits.h"

void bnm_shift_norm_relu(const int32_t *acc, uint16_t n, int8_t *y) {
  const uint8_t shift = bnm_norm_shift(acc, n);
  const struct bnm_kept kept = bnm_kept_of((uint8_t)(shift == 0 ? 0 : shift - 1));
  for (const int32_t *const end = acc + n; acc != end; acc++) {
    uint8_t value = 0;
    if (*acc > 0) {
      value = bnm_kept_bits(acc, kept);
      if (shift != 0) value = (uint8_t)((value >> 1) + (value & 1u));
      if (value > 127u) value = 127;
    }
    *y++ = (int8_t)value;
  }
}
