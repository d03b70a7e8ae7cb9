/* Linear layer with weights of -1 and 1: eight in a byte, first weight in bit 0. Interface: bnm.h. */
#include "bnm.h"

void bnm_linear_binary(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  for (unsigned o = 0; o < outputs; o++) {
    int32_t sum = 0;
    unsigned codes = 0;
    for (unsigned i = 0; i < inputs; i++) {
      if ((i & 7u) == 0) codes = bnm_read_u8(weights++);
      sum += (codes & 1u) != 0 ? x[i] : -x[i];
      codes >>= 1;
    }
    acc[o] = sum;
  }
}
