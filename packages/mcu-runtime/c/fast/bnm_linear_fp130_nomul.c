/* Linear layer by look-up, weights -128, -64 ... -1, 1 ... 128. Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_hot.h"
#include "bnm_lookup_products.h"

#define EXPONENT(E)                         \
  product[8 + (E)] = (int16_t)difference;   \
  product[7 - (E)] = (int16_t)-difference;  \
  difference *= 2;

BNM_WARM(bnm_fill_fp130) static void fill_fp130(int16_t *product, int32_t difference) {
  EXPONENT(0) EXPONENT(1) EXPONENT(2) EXPONENT(3) EXPONENT(4) EXPONENT(5) EXPONENT(6) EXPONENT(7)
}

void bnm_linear_fp130_nomul(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  bnm_linear_lookup(x, inputs, weights, outputs, acc, fill_fp130);
}
