/* Binary: bits 0, 1 are -1, 1. Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_linear_parts.h"

void bnm_linear_binary_avr(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  static const struct bnm_linear_part parts[] BNM_PROGMEM = {{bnm_bit_sums, 8, 1, 0, 1}};
  bnm_linear_parts(x, inputs, weights, outputs, acc, parts, 1, -1);
}
