/* Linear layers with 4-bit codes for parts without a multiplier. Interface: bnm_fast.h; idea: bnm_nibble_lists.h. */
#include "bnm_linear_nibbles.h"

#include "bnm_nibble_lists.h"
#include "bnm_row_sums.h"

#define BLOCK 8u

/* Fewer outputs than a block has: by way of a whole block. */
__attribute__((noinline)) static const uint8_t *add_few_by_nibbles(const struct bnm_nibble_lists *lists, const uint8_t *words,
                                                        unsigned outputs, int32_t *acc) {
  int32_t whole[BLOCK];
  for (unsigned k = 0; k < BLOCK; k++) whole[k] = 0;
  words = bnm_nibbles4_blocks(lists, words, whole, 1);
  for (unsigned k = 0; k < outputs; k++) acc[k] += whole[k];
  return words;
}

/* The last block ends with the last output; where it covers outputs again, its codes are 0. Returns the words of the next part. */
static const uint8_t *add_part_by_nibbles(const struct bnm_nibble_lists *lists, const uint8_t *words, unsigned outputs, int32_t *acc) {
  const unsigned rest = outputs % BLOCK;
  if (outputs < BLOCK) return add_few_by_nibbles(lists, words, outputs, acc);
  words = bnm_nibbles4_blocks(lists, words, acc, outputs / BLOCK);
  if (rest == 0) return words;
  acc += outputs - BLOCK;
  for (unsigned k = 0; k < BLOCK - rest; k++) acc[k] -= lists->offset;
  return bnm_nibbles4_blocks(lists, words, acc, 1);
}

/* Adds the share of the listed inputs to all outputs. */
static void add_listed_by_nibbles(struct bnm_nibble_lists *lists, const struct bnm_nibble_codes *codes, const uint8_t *words,
                       unsigned outputs, int32_t *acc) {
  if (lists->sum == 0) return;
  words += 4 * (lists->window - lists->x);
  const struct bnm_nibble_part *part = codes->part;
  for (unsigned parts = codes->parts; parts != 0; parts--, part++) {
    lists->shift = part->shift;
    lists->offset = (part->one != 0 ? lists->sum : 0) - (lists->sum << part->zero);
    words = add_part_by_nibbles(lists, words, outputs, acc);
  }
}

void bnm_linear_nibbles(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                       const struct bnm_nibble_codes *codes) {
  struct bnm_nibble_lists lists;
  const uint8_t *words = bnm_start_from_row_sums(x, inputs, weights, outputs, acc, &lists.mode);
  lists.x = x;
  lists.x_end = x + inputs;
  /* What lies below the mode value is listed by its opposite, and subtracted as a whole. Most inputs lie on one side. */
  lists.sign = lists.mode > 0 ? -1 : 0;
  for (int turns = 2; turns != 0; turns--) {
    if (lists.sign < 0) bnm_negate(acc, outputs);
    lists.next = x;
    lists.below = 0;
    while (lists.next != lists.x_end) {
      bnm_collect_nibbles(&lists);
      add_listed_by_nibbles(&lists, codes, words, outputs, acc);
    }
    if (lists.sign < 0) bnm_negate(acc, outputs);
    if (lists.below == 0) return;
    lists.sign = ~lists.sign;
  }
}
