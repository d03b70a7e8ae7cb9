/* Expands packed codes to integers: -1, 0, 1. Interface: bnm.h. */
#include "bnm.h"

void bnm_unpack_ternary(const uint8_t *weights, uint16_t first, uint16_t count, int16_t *w) {
  /* Full bytes before the first trit wanted are stepped over, first / 5 of them; trits of its own byte are pushed out unread. */
  const unsigned bytes = (unsigned)((uint32_t)first * 52429u >> 18);
  const unsigned skip = first - 5u * bytes;
  weights += bytes;
  unsigned group = 0;
  unsigned left = 0;
  for (unsigned i = 0; i < skip + count; i++) {
    if (left == 0) {
      group = bnm_read_u8(weights++);
      left = 5;
    }
    group *= 3u;
    if (i >= skip) w[i - skip] = (int16_t)((int)(group >> 8) - 1);
    group &= 0xFFu;
    left--;
  }
}
