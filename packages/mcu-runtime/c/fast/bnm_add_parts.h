/*
 * Going over the outputs of a linear layer block by block, for files of the techniques: static functions, so that what a technique knows
 * costs nothing. The file defines BNM_LOG2_LARGEST_BLOCK before: that of its largest block of outputs.
 */
#ifndef BNM_ADD_PARTS_H
#define BNM_ADD_PARTS_H

#include "bnm_hot.h"
#include "bnm_output_blocks.h"

/* Fewer outputs than a block has, at least 1: by way of a whole block, whose other codes are 0. Returns the words behind it. */
BNM_COLD static const uint8_t *add_few(const void *listed, const uint8_t *words, int32_t *acc, unsigned outputs, bnm_add_blocks *add) {
  int32_t whole[1u << BNM_LOG2_LARGEST_BLOCK];
  for (unsigned k = 0; k < 1u << BNM_LOG2_LARGEST_BLOCK; k++) whole[k] = 0;
  words = add(listed, words, whole, 1);
  unsigned k = 0;
  do acc[k] += whole[k];
  while (++k != outputs);
  return words;
}

typedef int32_t bnm_offset_of(const void *from);

/*
 * Adds the listed inputs' share in one part to all outputs; returns the words behind it. The last block ends with the last output:
 * where it covers outputs again, its codes are 0.
 * offset_of, from  what the kernel adds for codes of 0: offset_of(from)
 */
static inline const uint8_t *add_part(bnm_add_blocks *add, unsigned log2_outputs, const void *listed, bnm_offset_of *offset_of,
                                      const void *from, const uint8_t *words, unsigned outputs, int32_t *acc) {
  const unsigned block = 1u << log2_outputs, rest = outputs & (block - 1u);
  if (outputs < block) return add_few(listed, words, acc, outputs, add);
  words = add(listed, words, acc, outputs >> log2_outputs);
  if (rest == 0) return words;
  const int32_t offset = offset_of(from);
  acc += outputs - block;
  for (unsigned k = 0; k < block - rest; k++) acc[k] -= offset;
  return add(listed, words, acc, 1);
}

static inline int32_t scale_offset(const void *scale) {
  return ((const struct bnm_sum_scale *)scale)->offset;
}

/*
 * Adds the listed inputs' share to all outputs.
 * part       the first
 * same_log2  that of the blocks of all parts; 0: each part has its own
 * scale      that of the list
 * sum        of the listed inputs
 * words      of the first part
 */
static inline void add_parts(const struct bnm_code_part *part, unsigned same_log2, const void *listed, struct bnm_sum_scale *scale,
                             int32_t sum, const uint8_t *words, unsigned outputs, int32_t *acc) {
  if (sum == 0) return;
  do {
    const unsigned log2_outputs = same_log2 != 0 ? same_log2 : part->log2_outputs;
    scale->shift = part->shift;
    scale->offset = (sum << part->plus_log2) - (sum << part->minus_log2);
    words = add_part(part->add, log2_outputs, listed, scale_offset, scale, words, outputs, acc);
  } while ((part++)->more != 0);
}

#endif
