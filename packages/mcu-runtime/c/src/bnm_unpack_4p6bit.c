/* Expands packed codes to integers: -23, -21, ... 23. Interface: bnm.h. */
#include "bnm.h"

void bnm_unpack_4p6bit(const uint8_t *weights, uint16_t first, uint16_t count, int16_t *w) {
  /* Eight groups of five fill 23 whole bytes; up to 39 weights before the first one wanted are decoded and dropped. */
  unsigned skip = first;
  for (; skip >= 40u; skip -= 40u) weights += 23;
  uint32_t stream = 0;
  uint32_t group = 0;
  unsigned bits = 0;
  unsigned left = 0;
  for (unsigned i = 0; i < skip + count; i++) {
    if (left == 0) {
      for (; bits < 23u; bits += 8u) stream |= (uint32_t)bnm_read_u8(weights++) << bits;
      group = stream & 0x7FFFFFu;
      stream >>= 23;
      bits -= 23u;
      left = 5;
    }
    group *= 24u;
    if (i >= skip) w[i - skip] = (int16_t)((int)(group >> 23) * 2 - 23);
    group &= 0x7FFFFFu;
    left--;
  }
}
