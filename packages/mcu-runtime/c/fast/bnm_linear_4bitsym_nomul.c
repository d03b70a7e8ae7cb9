/* Linear layer without a multiplier, weights -15, -13 ... 15: 2 * code - 15. Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_linear_nibbles.h"
#include "bnm_nibble_lists.h"

void bnm_linear_4bitsym_nomul(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  static const struct bnm_code_part parts[] = {
      {.add = bnm_nibbles4_blocks, .log2_outputs = 3, .shift = 1, .plus_log2 = 0, .minus_log2 = 4},
  };
  bnm_linear_nibbles(x, inputs, weights, outputs, acc, parts);
}
