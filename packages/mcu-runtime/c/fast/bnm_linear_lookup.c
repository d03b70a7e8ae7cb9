/* Linear layers by look-up: collects four inputs, adds their products, and so on. Interface: bnm_lookup.h. */
#include "bnm_hot.h"
#include "bnm_lookup.h"
#include "bnm_row_sums.h"

#define BLOCK 8u

/* Fewer outputs than a block has: by way of a whole block. */
__attribute__((noinline)) static void add_few_by_lookup(const struct bnm_lookup *lookup, const uint8_t *words, unsigned outputs,
                                              int32_t *acc) {
  int32_t whole[BLOCK];
  for (unsigned k = 0; k < BLOCK; k++) whole[k] = 0;
  bnm_lookup4_blocks(lookup, words, whole, 1);
  for (unsigned k = 0; k < outputs; k++) acc[k] += whole[k];
}

/* The last block ends with the last output; where it covers outputs again, its codes are 0. */
static void add_products(const struct bnm_lookup *lookup, const uint8_t *words, unsigned outputs, int32_t *acc) {
  const unsigned rest = outputs % BLOCK;
  if (outputs < BLOCK) {
    add_few_by_lookup(lookup, words, outputs, acc);
    return;
  }
  words = bnm_lookup4_blocks(lookup, words, acc, outputs / BLOCK);
  if (rest == 0) return;
  int32_t again = 0;
  for (unsigned j = 0; j < BNM_LOOKUP_INPUTS; j++) again += lookup->product[j][0];
  acc += outputs - BLOCK;
  for (unsigned k = 0; k < BLOCK - rest; k++) acc[k] -= again;
  bnm_lookup4_blocks(lookup, words, acc, 1);
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
    add_products(&lookup, words, outputs, acc);
  }
}
