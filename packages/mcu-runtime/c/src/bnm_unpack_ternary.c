/* Expands packed codes to integers: -1, 0, 1. Interface: bnm.h. */
#include "bnm.h"

void bnm_unpack_ternary(const uint8_t *weights, uint16_t first, uint16_t count, int16_t *w) {
  /* Trits before the first one wanted are pushed out of its byte unread; full bytes before it are stepped over. */
  unsigned skip = first;
  for (; skip >= 5u; skip -= 5u) weights++;
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
