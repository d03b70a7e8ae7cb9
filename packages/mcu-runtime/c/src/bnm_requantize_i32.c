/* Fixed requantization to a range of int32. Interface: bnm.h. */
#include "bnm.h"
#include "bnm_rounding_shift.h"

void bnm_requantize_i32(const int32_t *acc, uint16_t n, uint8_t shift, int32_t min, int32_t max, int32_t *y) {
  for (unsigned i = 0; i < n; i++) {
    const int32_t scaled = bnm_rounding_shift(acc[i], shift);
    y[i] = scaled < min ? min : scaled > max ? max : scaled;
  }
}
