/* Linear layers by look-up: collects four inputs, adds their products, and so on. Interface: bnm_lookup_products.h. */
#define BNM_LOG2_LARGEST_BLOCK 3
#include "bnm_add_parts.h"
#include "bnm_hot.h"
#include "bnm_lookup_products.h"
#include "bnm_row_sums.h"

static inline int32_t products_of_zeros(const void *from) {
  const struct bnm_lookup *const lookup = from;
  int32_t sum = 0;
  for (unsigned j = 0; j < BNM_LOOKUP_INPUTS; j++) sum += lookup->product[j][0];
  return sum;
}

/* Fills the tables of the next inputs that differ from the mode value; returns where to go on. */
BNM_WARM(bnm_fill_lookup) static const int8_t *fill_lookup(struct bnm_lookup *lookup, const int8_t *x, const int8_t *next,
                                                           const int8_t *end, int32_t mode, bnm_fill_products *fill) {
  int16_t *product = lookup->product[0];
  uint16_t *offset = lookup->offset;
  uint16_t *const last = offset + BNM_LOOKUP_INPUTS;
  while (next != end && offset != last) {
    const int32_t value = *next++;
    if (value == mode) continue;
    *offset++ = (uint16_t)(4 * (next - 1 - x));
    fill(product, value - mode);
    product += 16;
  }
  for (; offset != last; offset++) {
    *offset = 0;
    for (unsigned c = 0; c < 16; c++) *product++ = 0;
  }
  return next;
}

void bnm_linear_lookup(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                       bnm_fill_products *fill) {
  struct bnm_lookup lookup;
  int32_t mode;
  const uint8_t *words = bnm_start_from_row_sums(x, inputs, weights, outputs, acc, &mode);
  lookup.block_bytes = 4u * inputs;
  const int8_t *next = x, *const end = x + inputs;
  while (next != end) {
    next = fill_lookup(&lookup, x, next, end, mode, fill);
    (void)add_part(bnm_lookup4_blocks, BNM_LOG2_LARGEST_BLOCK, &lookup, products_of_zeros, &lookup, words, outputs, acc);
  }
}
