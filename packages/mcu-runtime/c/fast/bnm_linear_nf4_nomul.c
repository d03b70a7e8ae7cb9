/* Linear layer by look-up, weights round(127 * NormalFloat level). Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_hot.h"
#include "bnm_lookup_products.h"

/* Each level's step from the one before: -127, -88, -67, -50, -36, -23, -12, 0, 10, 20, 31, 43, 56, 71, 92, 127. */
static const uint8_t step[16] = {0, 39, 21, 17, 14, 13, 11, 12, 10, 10, 11, 12, 13, 15, 21, 35};

BNM_WARM(bnm_fill_nf4) static void fill_nf4(int16_t *product, int32_t difference) {
  int32_t value = -127 * difference;
  for (unsigned c = 0; c < 16; c++) {
    int32_t shifted = difference;
    for (unsigned rest = step[c]; rest != 0; rest >>= 1, shifted *= 2) {
      if ((rest & 1u) != 0) value += shifted;
    }
    product[c] = (int16_t)value;
  }
}

void bnm_linear_nf4_nomul(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  bnm_linear_lookup(x, inputs, weights, outputs, acc, fill_nf4);
}
