/* Maxima of windows side by side, of as many rows as a window has. Interface: bnm_planes_avr.h. */
#include "bnm_planes_avr.h"

void bnm_pool_rows(const int32_t *x, uint16_t width, uint8_t pool_height, uint8_t pool_width, int32_t *y) {
  const int16_t next_row = (int16_t)(width - pool_width);
  for (uint16_t left = width; left >= pool_width; left = (uint16_t)(left - pool_width), x += pool_width) {
    const int32_t *element = x;
    int32_t maximum = *x;
    for (uint8_t rows = pool_height; rows != 0; rows--, element += next_row) {
      for (uint8_t columns = pool_width; columns != 0; columns--, element++) {
        if (*element > maximum) maximum = *element;
      }
    }
    *y++ = maximum;
  }
}
