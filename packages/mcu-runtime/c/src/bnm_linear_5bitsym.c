/* Linear layer with weights of -31, -29, ... 31: a stream of 5-bit codes, lowest bits first. Interface: bnm.h. */
#include "bnm.h"

void bnm_linear_5bitsym(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  for (unsigned o = 0; o < outputs; o++) {
    int32_t sum = 0;
    unsigned stream = 0;
    unsigned bits = 0;
    for (unsigned i = 0; i < inputs; i++) {
      if (bits < 5u) {
        stream |= (unsigned)bnm_read_u8(weights++) << bits;
        bits += 8u;
      }
      sum += x[i] * ((int)(stream & 31u) * 2 - 31);
      stream >>= 5;
      bits -= 5u;
    }
    acc[o] = sum;
  }
}
