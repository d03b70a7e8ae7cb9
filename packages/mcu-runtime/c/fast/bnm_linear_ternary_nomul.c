/* Linear layer without a multiplier, weights -1, 0, 1: five in a byte, base 3, as in bnm_linear_ternary. Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_hot.h"
#include "bnm_linear_rows.h"

/* The byte is the fraction v / 3^5, rounded up: times 3 pushes the next trit out above the point. */
#define NEXT_TRIT           \
  codes += codes << 1;      \
  offset = codes >> 6 & 12u; \
  codes &= 0xFFu;

BNM_HOT(bnm_add_row_ternary)
static void add_row(const uint8_t *row, unsigned outputs, int32_t difference, int32_t *acc) {
  const int32_t products[3] = {-difference, 0, difference};
  unsigned codes, offset;
  for (; outputs >= 5u; outputs -= 5u, acc += 5) {
    codes = *row++;
    NEXT_TRIT acc[0] += bnm_product_at(products, offset);
    NEXT_TRIT acc[1] += bnm_product_at(products, offset);
    NEXT_TRIT acc[2] += bnm_product_at(products, offset);
    NEXT_TRIT acc[3] += bnm_product_at(products, offset);
    NEXT_TRIT acc[4] += bnm_product_at(products, offset);
  }
  if (outputs == 0) return;
  codes = *row;
  for (; outputs != 0; outputs--) {
    NEXT_TRIT *acc++ += bnm_product_at(products, offset);
  }
}

void bnm_linear_ternary_nomul(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  /* (outputs + 4) / 5 for all 16-bit counts; parts without a division have no need to link one. */
  const unsigned row_bytes = (unsigned)((outputs + 4u) * (uint32_t)52429u >> 18);
  bnm_linear_rows(x, inputs, weights, outputs, acc, row_bytes, add_row);
}
