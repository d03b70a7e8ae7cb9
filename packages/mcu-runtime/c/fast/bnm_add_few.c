/* Fewer outputs than a block has. Interface: bnm_output_blocks.h. */
#include "bnm_hot.h"
#include "bnm_output_blocks.h"

BNM_COLD const uint8_t *bnm_add_few(bnm_add_blocks *add, unsigned block, const void *listed, const uint8_t *words, unsigned outputs,
                                    int32_t *acc) {
  int32_t whole[BNM_LARGEST_BLOCK];
  for (unsigned k = 0; k < block; k++) whole[k] = 0;
  words = add(listed, words, whole, 1);
  for (unsigned k = 0; k < outputs; k++) acc[k] += whole[k];
  return words;
}
