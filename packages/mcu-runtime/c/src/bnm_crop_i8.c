/* A rectangle of one int8 plane. Interface: bnm.h. */
#include "bnm.h"

void bnm_crop_i8(const int8_t *x, uint16_t width, uint16_t top, uint16_t left, uint16_t out_height, uint16_t out_width,
                 int8_t *y) {
  const int8_t *line = &x[(unsigned)top * width + left];
  for (unsigned r = 0; r < out_height; r++) {
    for (unsigned c = 0; c < out_width; c++) *y++ = line[c];
    line += width;
  }
}
