/* bnm_max_pool2d_i32 for hosts: four outputs at once for windows of 2 x 2, and the plain kernel for others. */
#define bnm_max_pool2d_i32 bnm_max_pool2d_i32_plain
#include "src/bnm_max_pool2d_i32.c"
#undef bnm_max_pool2d_i32

#include "bnm_wide.h"

/* The larger of two neighbouring rows. */
static bnm_wide rows_max(const int32_t *x, unsigned width) {
  return bnm_wide_max(bnm_wide_load(x), bnm_wide_load(x + width));
}

void bnm_max_pool2d_i32(const int32_t *x, uint16_t width, uint16_t out_height, uint16_t out_width, uint8_t size,
                        uint8_t stride, int32_t *y) {
  if (size != 2 || stride != 2) {
    bnm_max_pool2d_i32_plain(x, width, out_height, out_width, size, stride, y);
    return;
  }
  for (unsigned r = 0; r < out_height; r++) {
    unsigned c = 0;
    for (; c + BNM_WIDE_LANES <= out_width; c += BNM_WIDE_LANES) {
      const bnm_wide left = rows_max(&x[2 * c], width);
      const bnm_wide right = rows_max(&x[2 * c + BNM_WIDE_LANES], width);
      bnm_wide_store(&y[c], bnm_wide_max(bnm_wide_even(left, right), bnm_wide_odd(left, right)));
    }
    /* In place, what is left of the row lies behind what was written. */
    bnm_max_pool2d_i32_plain(&x[2 * c], width, 1, (uint16_t)(out_width - c), 2, 2, &y[c]);
    x += 2u * width;
    y += out_width;
  }
}
