/* 4bitsym: codes 0 ... 15 are -15, -13 ... 15. Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_linear_parts.h"

void bnm_linear_4bitsym_avr(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  static const struct bnm_linear_part parts[] BNM_PROGMEM = {{bnm_nibble_sums, 8, 4, 0, 1}};
  bnm_linear_parts(x, inputs, weights, outputs, acc, parts, 1, -15);
}
