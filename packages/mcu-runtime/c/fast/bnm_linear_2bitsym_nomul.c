/* Linear layer without a multiplier, weights -3, -1, 1, 3: 2 * code - 3. Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_linear_rows.h"

void bnm_linear_2bitsym_nomul(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  bnm_linear_rows(x, inputs, weights, outputs, acc, (outputs + 3u) / 4u, bnm_add_row_2bitsym);
}
