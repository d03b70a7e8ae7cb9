/* Fixed requantization to int8. Interface: bnm.h. */
#include "bnm.h"
#include "bnm_rounding_shift.h"

void bnm_requantize(const int32_t *acc, uint16_t n, uint8_t shift, int8_t min, int8_t max, int8_t *y) {
  for (unsigned i = 0; i < n; i++) {
    const int32_t scaled = bnm_rounding_shift(acc[i], shift);
    y[i] = scaled < min ? min : scaled > max ? max : (int8_t)scaled;
  }
}
