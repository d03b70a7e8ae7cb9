/* Linear layers for parts without a multiplier. Interface: bnm_fast.h; idea: bnm_bit_lists.h. */
#include "bnm_linear_bits.h"

#include "bnm_row_sums.h"

#define MAX_BLOCK 32u


/* Fewer outputs than a block has: by way of a whole block. */
__attribute__((noinline)) static const uint8_t *add_few_by_bits(const struct bnm_bit_lists *lists, bnm_bit_blocks *add_blocks,
                                                        const uint8_t *words, unsigned outputs, int32_t *acc) {
  int32_t whole[MAX_BLOCK];
  for (unsigned k = 0; k < MAX_BLOCK; k++) whole[k] = 0;
  words = add_blocks(lists, words, whole, 1);
  for (unsigned k = 0; k < outputs; k++) acc[k] += whole[k];
  return words;
}

/* The last block ends with the last output; where it covers outputs again, its codes are 0. Returns the words of the next part. */
static const uint8_t *add_part_by_bits(const struct bnm_bit_lists *lists, const struct bnm_bit_part *part, const uint8_t *words,
                               unsigned outputs, int32_t *acc) {
  const unsigned block = 1u << part->block_bits, rest = outputs & (block - 1u);
  if (outputs < block) return add_few_by_bits(lists, part->add_blocks, words, outputs, acc);
  words = part->add_blocks(lists, words, acc, outputs >> part->block_bits);
  if (rest == 0) return words;
  acc += outputs - block;
  for (unsigned k = 0; k < block - rest; k++) acc[k] -= lists->offset;
  return part->add_blocks(lists, words, acc, 1);
}

/* Adds the share of the listed inputs to all outputs. */
static void add_listed_by_bits(struct bnm_bit_lists *lists, const struct bnm_bit_codes *codes, const uint8_t *words,
                       unsigned outputs, int32_t *acc) {
  const int32_t sum = bnm_enter_bits(lists);
  if (sum == 0) return;
  const struct bnm_bit_part *part = codes->part;
  for (unsigned parts = codes->parts; parts != 0; parts--, part++) {
    lists->shift = part->shift;
    lists->offset = (part->one != 0 ? sum : 0) - (sum << part->zero);
    words = add_part_by_bits(lists, part, words, outputs, acc);
  }
}

void bnm_linear_bits(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                   const struct bnm_bit_codes *codes) {
  struct bnm_bit_lists lists;
  const uint8_t *words = bnm_start_from_row_sums(x, inputs, weights, outputs, acc, &lists.mode);
  lists.x = x;
  lists.x_end = x + inputs;
  lists.sign = 0;
  /* A second turn for differences below the mode value: their opposites are subtracted as a whole. */
  for (;;) {
    lists.next = x;
    lists.below = 0;
    while (lists.next != lists.x_end) {
      bnm_collect_bits(&lists);
      add_listed_by_bits(&lists, codes, words, outputs, acc);
    }
    if (lists.sign < 0) bnm_negate(acc, outputs);
    if (lists.sign < 0 || lists.below == 0) return;
    bnm_negate(acc, outputs);
    lists.sign = -1;
  }
}
