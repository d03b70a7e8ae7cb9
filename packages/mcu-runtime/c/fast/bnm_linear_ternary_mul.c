/* Linear layer with a multiplier, weights -1, 0, 1: code - 1. Interface: bnm_fast.h. */
#include "bnm_difference_list.h"
#include "bnm_fast.h"
#include "bnm_linear_mul.h"

void bnm_linear_ternary_mul(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  static const struct bnm_code_part parts[] = {
      {.add = bnm_mul2_blocks, .log2_outputs = 4, .shift = 0, .plus_log2 = 0, .minus_log2 = 1},
  };
  bnm_linear_mul(x, inputs, weights, outputs, acc, parts);
}
