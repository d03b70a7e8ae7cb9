/* Expands packed codes to integers: -1, 1. Interface: bnm.h. */
#include "bnm.h"

void bnm_unpack_binary(const uint8_t *weights, uint16_t first, uint16_t count, int16_t *w) {
  for (unsigned i = 0; i < count; i++) {
    const unsigned at = first + i;
    const unsigned code = ((unsigned)bnm_read_u8(&weights[at >> 3]) >> ((at & 7u) * 1u)) & 1u;
    w[i] = (int16_t)((int)code * 2 - 1);
  }
}
