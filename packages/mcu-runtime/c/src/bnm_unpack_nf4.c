/* Expands packed codes to integers: round(127 * NormalFloat level). Interface: bnm.h. */
#include "bnm.h"
#include "bnm_codes.h"

void bnm_unpack_nf4(const uint8_t *weights, uint16_t first, uint16_t count, int16_t *w) {
  for (unsigned i = 0; i < count; i++) {
    const unsigned at = first + i;
    const unsigned code = ((unsigned)bnm_read_u8(&weights[at >> 1]) >> ((at & 1u) * 4u)) & 15u;
    w[i] = (int16_t)(bnm_nf4_integer(code));
  }
}
