/* Linear layer without a multiplier, weights -31, -29 ... 31: 2 * code - 31. Interface: bnm_fast.h. */
#include "bnm_bit_lists.h"
#include "bnm_fast.h"
#include "bnm_linear_bits.h"

void bnm_linear_5bitsym_nomul(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  static const struct bnm_code_part parts[] = {
      {.add = bnm_bits4_blocks, .log2_outputs = 3, .shift = 1, .plus_log2 = 0, .minus_log2 = 4, .more = 1},
      {.add = bnm_bits1_blocks, .log2_outputs = 5, .shift = 5, .plus_log2 = 4, .minus_log2 = 5},
  };
  bnm_linear_bits(x, inputs, weights, outputs, acc, parts);
}
