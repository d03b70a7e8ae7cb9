/* 4.6bit: codes 0 ... 23 are -23, -21 ... 23. Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_linear_parts.h"

void bnm_linear_4p6bit_avr(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  static const struct bnm_linear_part parts[] BNM_PROGMEM = {{bnm_nibble_sums, 8, 4, 0, 0}, {bnm_bit_sums, 8, 1, 4, 1}};
  bnm_linear_parts(x, inputs, weights, outputs, acc, parts, 1, -23);
}
