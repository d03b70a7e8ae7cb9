/*
 * What the fast linear layers with codes in words share: how a format's codes make integer weights, and going over the outputs block
 * by block. How a block takes in the listed inputs is the technique's own (bnm_nibble_lists.h, bnm_bit_lists.h,
 * bnm_difference_list.h, bnm_lookup.h); `listed` is its list of inputs, of the type that its block kernel wants.
 */
#ifndef BNM_OUTPUT_BLOCKS_H
#define BNM_OUTPUT_BLOCKS_H

#include <stdint.h>

/* The largest block: codes of 1 bit in a word. */
#define BNM_LARGEST_BLOCK 32u

/*
 * Adds the listed inputs' share to `blocks` blocks of outputs; returns the words behind these blocks.
 * words   for each block a word for each input (of 3-bit codes: bnm_three_bits.h)
 * blocks  at least 1
 */
typedef const uint8_t *bnm_add_blocks(const void *listed, const uint8_t *words, int32_t *acc, unsigned blocks);

/* What a block kernel does with the sum of an output's codes, each times its input: acc += (sum << shift) + offset. */
struct bnm_sum_scale {
  uint32_t shift;
  int32_t offset;
};

/* Some bits of every code, in words of their own. They count (bits << shift) + one - 2^minus_log2 in the integer weight. */
struct bnm_code_part {
  bnm_add_blocks *add;
  uint8_t log2_outputs; /* of a block */
  uint8_t shift, one, minus_log2;
};

/* A format: the integer weight is the sum over the parts of its code. */
struct bnm_code_parts {
  uint8_t count;
  struct bnm_code_part part[2];
};

/* Fewer outputs than a block has: by way of a whole block, whose other codes are 0. Returns the words behind it. */
const uint8_t *bnm_add_few(bnm_add_blocks *add, unsigned block, const void *listed, const uint8_t *words, unsigned outputs,
                           int32_t *acc);

/*
 * Adds the listed inputs' share in one part to all outputs; returns the words behind it. The last block ends with the last output:
 * where it covers outputs again, its codes are 0. Inline, as are those below: what a technique knows costs nothing.
 * offset  what the kernel adds for codes of 0
 */
static inline const uint8_t *bnm_add_part(bnm_add_blocks *add, unsigned log2_outputs, const void *listed, int32_t offset,
                                          const uint8_t *words, unsigned outputs, int32_t *acc) {
  const unsigned block = 1u << log2_outputs, rest = outputs & (block - 1u);
  if (outputs < block) return bnm_add_few(add, block, listed, words, outputs, acc);
  words = add(listed, words, acc, outputs >> log2_outputs);
  if (rest == 0) return words;
  acc += outputs - block;
  for (unsigned k = 0; k < block - rest; k++) acc[k] -= offset;
  return add(listed, words, acc, 1);
}

/*
 * Adds the listed inputs' share to all outputs.
 * scale  that of the list
 * sum    of the listed inputs
 * words  of the first part
 */
static inline void bnm_add_parts(const struct bnm_code_parts *codes, const void *listed, struct bnm_sum_scale *scale, int32_t sum,
                                 const uint8_t *words, unsigned outputs, int32_t *acc) {
  if (sum == 0) return;
  const struct bnm_code_part *part = codes->part;
  for (unsigned count = codes->count; count != 0; count--, part++) {
    scale->shift = part->shift;
    scale->offset = (part->one != 0 ? sum : 0) - (sum << part->minus_log2);
    words = bnm_add_part(part->add, part->log2_outputs, listed, scale->offset, words, outputs, acc);
  }
}

#endif
