/* Linear layer without a multiplier, weights -1, 1: 2 * code - 1. Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_hot.h"
#include "bnm_linear_rows.h"

BNM_HOT(bnm_add_row_binary)
static void add_row(const uint8_t *row, unsigned outputs, int32_t difference, int32_t *acc) {
  const int32_t products[2] = {-difference, difference};
  for (const int32_t *const end = acc + (outputs & ~7u); acc != end; acc += 8) {
    const unsigned codes = *row++;
    acc[0] += bnm_product_at(products, codes << 2 & 4u);
    acc[1] += bnm_product_at(products, codes << 1 & 4u);
    acc[2] += bnm_product_at(products, codes & 4u);
    acc[3] += bnm_product_at(products, codes >> 1 & 4u);
    acc[4] += bnm_product_at(products, codes >> 2 & 4u);
    acc[5] += bnm_product_at(products, codes >> 3 & 4u);
    acc[6] += bnm_product_at(products, codes >> 4 & 4u);
    acc[7] += bnm_product_at(products, codes >> 5 & 4u);
  }
  if ((outputs & 7u) == 0) return;
  unsigned codes = *row << 2;
  for (unsigned left = outputs & 7u; left != 0; left--, codes >>= 1) *acc++ += bnm_product_at(products, codes & 4u);
}

void bnm_linear_binary_nomul(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  bnm_linear_rows(x, inputs, weights, outputs, acc, (outputs + 7u) / 8u, add_row);
}
