/* Ternary weights to integers: a byte has five trits, each of which a multiplication by 3 pushes out. Interface: bnm.h. */
#include "bnm.h"

#define TRITS 5u

void bnm_unpack_ternary(const uint8_t *weights, uint16_t first, uint16_t count, int16_t *w) {
  /* first / 5, for all of uint16_t. */
  const uint16_t byte = (uint16_t)(((uint32_t)first * 52429u) >> 16) >> 2;
  uint8_t skipped = (uint8_t)(first - TRITS * byte);
  weights += byte;
  uint8_t trits = bnm_read_u8(weights++);
  uint8_t left = (uint8_t)(TRITS - skipped);
  for (; skipped != 0; skipped--) trits = (uint8_t)(trits * 3u);
  for (int16_t *const end = w + count; w != end; left--) {
    if (left == 0) {
      trits = bnm_read_u8(weights++);
      left = TRITS;
    }
    const uint16_t product = (uint16_t)(trits * 3u);
    *w++ = (int16_t)((int16_t)(product >> 8) - 1);
    trits = (uint8_t)product;
  }
}
