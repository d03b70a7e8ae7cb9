/* The inner loop of convolutions: a function of its own, so that all it needs stays in registers. Interface: bnm_products.h. */
#include "bnm_products.h"

/* On the whole grid: VALUE is what an element x adds. */
#define ADD_ON_GRID(VALUE)                     \
  for (unsigned r = grid->rows; r != 0; r--) { \
    const int32_t *const end = y + columns;    \
    do {                                       \
      const int32_t element = *x;              \
      *y += VALUE;                             \
      x += x_step;                             \
    } while (++y != end);                      \
    x += x_skip;                               \
    y += y_skip;                               \
  }

#if defined(__riscv) && !defined(__riscv_mul)

/* By shifts and additions: a call of the general multiplication takes 160 cycles. */
static int32_t product(unsigned magnitude, int32_t element) {
  uint32_t sum = 0, doubled = (uint32_t)element;
  for (; magnitude != 0; magnitude >>= 1, doubled <<= 1) {
    if ((magnitude & 1u) != 0) sum += doubled;
  }
  return (int32_t)sum;
}

void bnm_add_products(const struct bnm_products *grid, const int8_t *x, int32_t weight, int32_t *y) {
  const unsigned columns = grid->columns, x_step = grid->x_step;
  const int x_skip = grid->x_skip, y_skip = grid->y_skip;
  if (columns == 0) return;
  /* -value is (value ^ -1) + 1. */
  const int32_t sign = weight < 0 ? -1 : 0;
  const unsigned magnitude = (unsigned)((weight ^ sign) - sign);
  if (magnitude == 1u) {
    ADD_ON_GRID((element ^ sign) - sign)
  } else {
    ADD_ON_GRID((product(magnitude, element) ^ sign) - sign)
  }
}

#else

void bnm_add_products(const struct bnm_products *grid, const int8_t *x, int32_t weight, int32_t *y) {
  const unsigned columns = grid->columns, x_step = grid->x_step;
  const int x_skip = grid->x_skip, y_skip = grid->y_skip;
  if (columns == 0) return;
  ADD_ON_GRID(weight * element)
}

#endif
