/* Blocks of 8 outputs with 4-bit codes from a list of differences, in portable C: the meaning of bnm_mul4_blocks_rv32e.S and _thumb.S. */
#include "bnm_hot.h"
#include "bnm_mul_block.h"

#if !(defined(BNM_RV32E) && defined(__riscv_mul)) && !defined(BNM_THUMB)

const uint8_t *bnm_mul4_blocks(const void *listed, const uint8_t *words, int32_t *acc, unsigned blocks) {
  const struct bnm_difference_list *const list = listed;
  for (; blocks != 0; blocks--, words += 4 * (list->x_end - list->x), acc += 8) bnm_add_mul_block(list, BNM_MUL_4_BITS, words, acc);
  return words;
}

#endif
