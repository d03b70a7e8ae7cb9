/* Block by block over the outputs. Interface: bnm_output_blocks.h. */
#include "bnm_output_blocks.h"

/* Fewer outputs than a block has: by way of a whole block. Not inlined, so that only such layers take the stack for it. */
__attribute__((noinline)) static const uint8_t *add_few(bnm_add_blocks *add, const void *listed, const uint8_t *words,
                                                        unsigned outputs, int32_t *acc) {
  int32_t whole[BNM_LARGEST_BLOCK];
  for (unsigned k = 0; k < BNM_LARGEST_BLOCK; k++) whole[k] = 0;
  words = add(listed, words, whole, 1);
  for (unsigned k = 0; k < outputs; k++) acc[k] += whole[k];
  return words;
}

const uint8_t *bnm_add_part(bnm_add_blocks *add, unsigned log2_outputs, const void *listed, int32_t offset, const uint8_t *words,
                            unsigned outputs, int32_t *acc) {
  const unsigned block = 1u << log2_outputs, rest = outputs & (block - 1u);
  if (outputs < block) return add_few(add, listed, words, outputs, acc);
  words = add(listed, words, acc, outputs >> log2_outputs);
  if (rest == 0) return words;
  acc += outputs - block;
  for (unsigned k = 0; k < block - rest; k++) acc[k] -= offset;
  return add(listed, words, acc, 1);
}
