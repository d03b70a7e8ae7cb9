/* Linear layers for parts with a multiplier. Interface: bnm_fast.h; idea: bnm_difference_list.h. */
#include "bnm_linear_mul.h"

#include "bnm_row_sums.h"

#define LARGEST_BLOCK 16u

/* Fewer outputs than a block has: by way of a whole block. */
__attribute__((noinline)) static const uint8_t *add_few_by_mul(const struct bnm_difference_list *list, bnm_mul_blocks *add_blocks,
                                                        const uint8_t *words, unsigned outputs, int32_t *acc) {
  int32_t whole[LARGEST_BLOCK];
  for (unsigned k = 0; k < LARGEST_BLOCK; k++) whole[k] = 0;
  words = add_blocks(list, words, whole, 1);
  for (unsigned k = 0; k < outputs; k++) acc[k] += whole[k];
  return words;
}

/* The last block ends with the last output; where it covers outputs again, its codes are 0. Returns the words of the next part. */
static const uint8_t *add_part_by_mul(const struct bnm_difference_list *list, const struct bnm_mul_codes *codes, const uint8_t *words,
                               unsigned outputs, int32_t *acc) {
  const unsigned block = codes->block;
  unsigned blocks = 0, rest = outputs;
  for (; rest >= block; rest -= block) blocks++;
  if (blocks == 0) return add_few_by_mul(list, codes->add_blocks, words, outputs, acc);
  words = codes->add_blocks(list, words, acc, blocks);
  if (rest == 0) return words;
  acc += outputs - block;
  for (unsigned k = 0; k < block - rest; k++) acc[k] -= list->offset;
  return codes->add_blocks(list, words, acc, 1);
}

/* Adds the share of the listed inputs to all outputs. */
static void add_listed_by_mul(struct bnm_difference_list *list, int32_t sum, const struct bnm_mul_codes *codes, const uint8_t *words,
                       unsigned outputs, int32_t *acc) {
  if (sum == 0) return;
  list->offset = sum * codes->zero;
  for (unsigned p = 0; p < codes->parts; p++) {
    list->shift = codes->shift[p];
    words = add_part_by_mul(list, codes, words, outputs, acc);
    list->offset = 0;
  }
}

void bnm_linear_mul(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                   const struct bnm_mul_codes *codes) {
  struct bnm_difference_list list;
  const uint8_t *words = bnm_start_from_row_sums(x, inputs, weights, outputs, acc, &list.mode);
  list.x = list.next = x;
  list.x_end = x + inputs;
  list.below = 0;
  while (list.next != list.x_end) {
    const int32_t sum = bnm_collect_differences(&list);
    add_listed_by_mul(&list, sum, codes, words, outputs, acc);
  }
  if (list.below == 0) return;

  /* Differences below the mode value are added as their opposites and subtracted as a whole. */
  bnm_negate(acc, outputs);
  list.next = x;
  while (list.next != list.x_end) {
    const int32_t sum = bnm_collect_differences_below(&list);
    add_listed_by_mul(&list, sum, codes, words, outputs, acc);
  }
  bnm_negate(acc, outputs);
}
