/* Fixed requantization to int8, shifted by bytes first. Interface: bnm.h. */
#include "bnm.h"

void bnm_requantize(const int32_t *acc, uint16_t n, uint8_t shift, int8_t min, int8_t max, int8_t *y) {
  uint8_t bytes = 0, bits = (uint8_t)(shift == 0 ? 0 : shift - 1);
  for (; bits >= 8; bits = (uint8_t)(bits - 8)) bytes++;
  for (const int32_t *const end = acc + n; acc != end; acc++) {
    int32_t value = *acc;
    if (value < 0 && min >= 0) {
      *y++ = min;
      continue;
    }
    if (bytes == 1) value >>= 8;
    else if (bytes == 2) value >>= 16;
    else if (bytes == 3) value >>= 24;
    for (uint8_t left = bits; left != 0; left--) value >>= 1;
    if (shift != 0) value = (value >> 1) + (value & 1);
    *y++ = value < min ? min : value > max ? max : (int8_t)value;
  }
}
