/* Linear layer with weights of -23, -21, ... 23: groups of five in 23 bits, base 24. Interface: bnm.h. */
#include "bnm.h"

void bnm_linear_4p6bit(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  for (unsigned o = 0; o < outputs; o++) {
    int32_t sum = 0;
    uint32_t stream = 0;
    uint32_t group = 0;
    unsigned bits = 0;
    unsigned left = 0;
    for (unsigned i = 0; i < inputs; i++) {
      if (left == 0) {
        for (; bits < 23u; bits += 8u) stream |= (uint32_t)bnm_read_u8(weights++) << bits;
        group = stream & 0x7FFFFFu;
        stream >>= 23;
        bits -= 23u;
        left = 5;
      }
      /* The group is the fraction v / 24^5, rounded up: times 24 pushes the next digit out above the point. */
      group *= 24u;
      sum += x[i] * ((int)(group >> 23) * 2 - 23);
      group &= 0x7FFFFFu;
      left--;
    }
    acc[o] = sum;
  }
}
