/* What one weight of a convolution adds to all outputs of a channel. */
#ifndef BNM_PRODUCTS_H
#define BNM_PRODUCTS_H

#include <stdint.h>

/* A grid of elements and of the outputs that they are for. */
struct bnm_products {
  unsigned rows, columns;
  unsigned x_step;         /* from one element of a row to the next */
  int x_skip, y_skip;      /* from behind the last one of a row to the first one of the next */
  unsigned x_first;        /* from where the element of output 0 would be to the first one */
};

/* y += weight * x on the whole grid */
void bnm_add_products(const struct bnm_products *grid, const int8_t *x, int32_t weight, int32_t *y);

#endif
