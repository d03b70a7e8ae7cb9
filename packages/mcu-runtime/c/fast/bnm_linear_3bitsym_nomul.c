/* Linear layer without a multiplier, weights -7, -5 ... 7: 2 * code - 7. Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_linear_nibbles.h"
#include "bnm_nibble_lists.h"

void bnm_linear_3bitsym_nomul(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  static const struct bnm_code_part parts[] = {
      {.add = bnm_nibbles3_blocks, .log2_outputs = 3, .shift = 1, .plus_log2 = 0, .minus_log2 = 3, .narrow = 1},
  };
  bnm_linear_nibbles(x, inputs, weights, outputs, acc, parts);
}
