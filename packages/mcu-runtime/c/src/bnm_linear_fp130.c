/* Linear layer with weights of -128, -64, ... -1, 1, ... 128: two in a byte, first weight in the low nibble. Interface: bnm.h. */
#include "bnm.h"
#include "bnm_codes.h"

void bnm_linear_fp130(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  for (unsigned o = 0; o < outputs; o++) {
    int32_t sum = 0;
    unsigned codes = 0;
    for (unsigned i = 0; i < inputs; i++) {
      if ((i & 1u) == 0) codes = bnm_read_u8(weights++);
      sum += x[i] * bnm_fp130_integer(codes & 15u);
      codes >>= 4;
    }
    acc[o] = sum;
  }
}
