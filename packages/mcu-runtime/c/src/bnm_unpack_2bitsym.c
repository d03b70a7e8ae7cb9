/* Expands packed codes to integers: -3, -1, 1, 3. Interface: bnm.h. */
#include "bnm.h"

void bnm_unpack_2bitsym(const uint8_t *weights, uint16_t first, uint16_t count, int16_t *w) {
  for (unsigned i = 0; i < count; i++) {
    const unsigned at = first + i;
    const unsigned code = ((unsigned)bnm_read_u8(&weights[at >> 2]) >> ((at & 3u) * 2u)) & 3u;
    w[i] = (int16_t)((int)code * 2 - 3);
  }
}
