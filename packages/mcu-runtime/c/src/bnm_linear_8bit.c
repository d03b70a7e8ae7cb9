/* Linear layer with weights of -128 ... 127: a byte each, the weight plus 128. Interface: bnm.h. */
#include "bnm.h"

void bnm_linear_8bit(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  for (unsigned o = 0; o < outputs; o++) {
    int32_t sum = 0;
    for (unsigned i = 0; i < inputs; i++) sum += x[i] * ((int)bnm_read_u8(weights++) - 128);
    acc[o] = sum;
  }
}
