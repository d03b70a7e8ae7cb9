/* Linear layer with weights of round(127 * NormalFloat level): two in a byte, first weight in the low nibble. Interface: bnm.h. */
#include "bnm.h"
#include "bnm_codes.h"

void bnm_linear_nf4(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  for (unsigned o = 0; o < outputs; o++) {
    int32_t sum = 0;
    unsigned codes = 0;
    for (unsigned i = 0; i < inputs; i++) {
      if ((i & 1u) == 0) codes = bnm_read_u8(weights++);
      sum += x[i] * bnm_nf4_integer(codes & 15u);
      codes >>= 4;
    }
    acc[o] = sum;
  }
}
