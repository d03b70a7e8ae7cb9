/* Linear layer row by row, weights -31, -29 ... 31: 2 * code - 31. Interface: bnm_fast.h; idea: bnm_odd_products.h. */
#include "bnm_fast.h"
#include "bnm_hot.h"
#include "bnm_linear_rows.h"
#include "bnm_odd_products.h"

BNM_ADD_ROW_BITS(bnm_add_row_5bitsym, 5u)

void bnm_linear_5bitsym_rows(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  bnm_linear_rows(x, inputs, weights, outputs, acc, (5u * outputs + 7u) / 8u, bnm_add_row_5bitsym);
}
