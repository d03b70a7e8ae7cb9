/*
 * What the fast linear layers with codes in words share: blocks of outputs, and how a format's codes make integer weights. Going over
 * all outputs: bnm_add_parts.h. How a block takes in the listed inputs is the technique's own (bnm_nibble_lists.h, bnm_bit_lists.h,
 * bnm_difference_list.h, bnm_lookup_products.h); `listed` is its list of inputs, of the type that its block kernel wants.
 */
#ifndef BNM_OUTPUT_BLOCKS_H
#define BNM_OUTPUT_BLOCKS_H

#include <stdint.h>

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

/*
 * Some bits of every code, in words of their own. They count (bits << shift) + 2^plus_log2 - 2^minus_log2 in the integer weight. A format
 * is an array of its parts, of which all but the last have `more`: the integer weight is the sum over them.
 */
struct bnm_code_part {
  bnm_add_blocks *add;
  uint8_t shift, plus_log2, minus_log2;
  unsigned char log2_outputs : 6; /* of a block */
  unsigned char narrow : 1;       /* of the first part: its kernel keeps words of BNM_NIBBLES_INPUTS inputs side by side */
  unsigned char more : 1;
};

#endif
