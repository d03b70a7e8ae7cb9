/* Linear layer row by row, weights -23, -21 ... 23: 2 * code - 23, five in 23 bits. Interface: bnm_fast.h; idea: bnm_odd_products.h. */
#include "bnm_fast.h"
#include "bnm_hot.h"
#include "bnm_linear_rows.h"
#include "bnm_odd_products.h"

#define LEVELS 24u
#define GROUP 5u
#define GROUP_BITS 23u
#define GROUP_MASK (((uint32_t)1 << GROUP_BITS) - 1u)

/* A group is a fraction, rounded up: times 24, the next code stands above its point. */
BNM_HOT(bnm_add_row_4p6bit)
static void add_row(const uint8_t *row, unsigned outputs, int32_t difference, int32_t *acc) {
  int32_t product[LEVELS];
  bnm_fill_odd_products(product, LEVELS, difference);
  uint32_t stream = 0, group = 0;
  unsigned bits = 0, left = 0;
  for (const int32_t *const end = acc + outputs; acc != end; acc++, left--) {
    if (left == 0) {
      for (; bits < GROUP_BITS; bits += 8u) stream |= (uint32_t)*row++ << bits;
      group = stream & GROUP_MASK;
      stream >>= GROUP_BITS;
      bits -= GROUP_BITS;
      left = GROUP;
    }
    group = (group << 4) + (group << 3);
    *acc += product[group >> GROUP_BITS];
    group &= GROUP_MASK;
  }
}

void bnm_linear_4p6bit_rows(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  /* (outputs + 4) / 5 without a division, for all 16-bit counts. */
  const unsigned groups = (unsigned)((outputs + GROUP - 1u) * (uint32_t)52429u >> 18);
  bnm_linear_rows(x, inputs, weights, outputs, acc, (GROUP_BITS * groups + 7u) / 8u, add_row);
}
