/* Linear layer with weights of -8 ... 7: two in a byte, first weight in the low nibble. Interface: bnm.h. */
#include "bnm.h"

void bnm_linear_4bit(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  for (unsigned o = 0; o < outputs; o++) {
    int32_t sum = 0;
    unsigned codes = 0;
    for (unsigned i = 0; i < inputs; i++) {
      if ((i & 1u) == 0) codes = bnm_read_u8(weights++);
      sum += x[i] * ((int)(codes & 15u) - 8);
      codes >>= 4;
    }
    acc[o] = sum;
  }
}
