/* bnm_max_pool2d_i32 for hosts: four outputs at once for windows of 2 x 2, and the plain kernel for others. */
#define bnm_max_pool2d_i32 bnm_max_pool2d_i32_plain
#include "src/bnm_max_pool2d_i32.c"
#undef bnm_max_pool2d_i32

#include "bnm_wide.h"

/* The larger of two neighbouring rows. */
static bnm_wide rows_max(const int32_t *x, unsigned width) {
  return bnm_wide_max(bnm_wide_load(x), bnm_wide_load(x + width));
}

static int is_two_by_two(const bnm_pool2d *pool) {
  return pool->window_height == 2 && pool->window_width == 2 && pool->stride_y == 2 && pool->stride_x == 2 &&
         pool->padding_y == 0 && pool->padding_x == 0;
}

void bnm_max_pool2d_i32(const bnm_pool2d *pool, const int32_t *x, int32_t *y) {
  if (!is_two_by_two(pool)) {
    bnm_max_pool2d_i32_plain(pool, x, y);
    return;
  }
  const unsigned width = pool->width;
  const unsigned out_width = pool->out_width;
  bnm_pool2d rest = *pool;
  rest.height = 2;
  rest.out_height = 1;
  for (unsigned r = 0; r < pool->out_height; r++) {
    unsigned c = 0;
    for (; c + BNM_WIDE_LANES <= out_width; c += BNM_WIDE_LANES) {
      const bnm_wide left = rows_max(&x[2 * c], width);
      const bnm_wide right = rows_max(&x[2 * c + BNM_WIDE_LANES], width);
      bnm_wide_store(&y[c], bnm_wide_max(bnm_wide_even(left, right), bnm_wide_odd(left, right)));
    }
    /* In place, what is left of the row lies behind what was written. */
    rest.out_width = (uint16_t)(out_width - c);
    bnm_max_pool2d_i32_plain(&rest, &x[2 * c], &y[c]);
    x += 2u * width;
    y += out_width;
  }
}
