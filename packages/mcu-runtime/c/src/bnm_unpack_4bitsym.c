/* Expands packed codes to integers: -15, -13, ... 15. Interface: bnm.h. */
#include "bnm.h"

void bnm_unpack_4bitsym(const uint8_t *weights, uint16_t first, uint16_t count, int16_t *w) {
  for (unsigned i = 0; i < count; i++) {
    const unsigned at = first + i;
    const unsigned code = ((unsigned)bnm_read_u8(&weights[at >> 1]) >> ((at & 1u) * 4u)) & 15u;
    w[i] = (int16_t)((int)code * 2 - 15);
  }
}
