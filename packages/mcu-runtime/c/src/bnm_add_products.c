/* The inner loop of convolutions: a function of its own, so that all it needs stays in registers. Interface: bnm_products.h. */
#include "bnm_products.h"

void bnm_add_products(const struct bnm_products *grid, const int8_t *x, int32_t weight, int32_t *y) {
  const unsigned columns = grid->columns, x_step = grid->x_step;
  const int x_skip = grid->x_skip, y_skip = grid->y_skip;
  if (columns == 0) return;
  for (unsigned r = grid->rows; r != 0; r--) {
    const int32_t *const end = y + columns;
    do {
      *y += weight * *x;
      x += x_step;
    } while (++y != end);
    x += x_skip;
    y += y_skip;
  }
}
