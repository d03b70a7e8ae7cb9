/* Expands packed codes to integers: -31, -29, ... 31. Interface: bnm.h. */
#include "bnm.h"

void bnm_unpack_5bitsym(const uint8_t *weights, uint16_t first, uint16_t count, int16_t *w) {
  const uint32_t first_bit = (uint32_t)first * 5u;
  weights += first_bit >> 3;
  /* The bits below the first code are dropped; what is left of its byte starts the stream. */
  const unsigned skip = (unsigned)(first_bit & 7u);
  unsigned stream = 0;
  unsigned bits = 0;
  if (skip != 0 && count != 0) {
    stream = (unsigned)bnm_read_u8(weights++) >> skip;
    bits = 8u - skip;
  }
  for (unsigned i = 0; i < count; i++) {
    if (bits < 5u) {
      stream |= (unsigned)bnm_read_u8(weights++) << bits;
      bits += 8u;
    }
    w[i] = (int16_t)((int)(stream & 31u) * 2 - 31);
    stream >>= 5;
    bits -= 5u;
  }
}
