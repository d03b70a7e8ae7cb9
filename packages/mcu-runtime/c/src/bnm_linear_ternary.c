/* Linear layer with weights of -1, 0 and 1: five in a byte, base 3. Interface: bnm.h. */
#include "bnm.h"

void bnm_linear_ternary(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  for (unsigned o = 0; o < outputs; o++) {
    int32_t sum = 0;
    unsigned group = 0;
    unsigned left = 0;
    for (unsigned i = 0; i < inputs; i++) {
      if (left == 0) {
        group = bnm_read_u8(weights++);
        left = 5;
      }
      /* The byte is the fraction v / 3^5, rounded up: times 3 pushes the next trit out above the point. */
      group *= 3u;
      const unsigned trit = group >> 8;
      group &= 0xFFu;
      left--;
      if (trit == 2u) sum += x[i];
      if (trit == 0u) sum -= x[i];
    }
    acc[o] = sum;
  }
}
