/* Expands packed codes to integers: -128 ... 127. Interface: bnm.h. */
#include "bnm.h"

void bnm_unpack_8bit(const uint8_t *weights, uint16_t first, uint16_t count, int16_t *w) {
  weights += first;
  for (unsigned i = 0; i < count; i++) w[i] = (int16_t)(bnm_read_u8(&weights[i]) - 128);
}
