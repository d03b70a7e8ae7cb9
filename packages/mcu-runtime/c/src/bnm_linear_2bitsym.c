/* Linear layer with weights of -3, -1, 1 and 3: four in a byte, first weight in the lowest bits. Interface: bnm.h. */
#include "bnm.h"

void bnm_linear_2bitsym(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  for (unsigned o = 0; o < outputs; o++) {
    int32_t sum = 0;
    unsigned codes = 0;
    for (unsigned i = 0; i < inputs; i++) {
      if ((i & 3u) == 0) codes = bnm_read_u8(weights++);
      sum += x[i] * ((int)(codes & 3u) * 2 - 3);
      codes >>= 2;
    }
    acc[o] = sum;
  }
}
