/* A rectangle of one int32 plane. Interface: bnm.h. */
#include "bnm.h"

void bnm_crop_i32(const int32_t *x, uint16_t width, uint16_t top, uint16_t left, uint16_t out_height, uint16_t out_width,
                  int32_t *y) {
  const int32_t *line = &x[(unsigned)top * width + left];
  for (unsigned r = 0; r < out_height; r++) {
    for (unsigned c = 0; c < out_width; c++) *y++ = line[c];
    line += width;
  }
}
