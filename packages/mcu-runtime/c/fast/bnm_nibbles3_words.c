/* Blocks of 8 outputs with 3-bit codes in words of their own, from the nibble lists, in portable C: the meaning of
 * bnm_nibbles3_words_rv32e.S. */
#include "bnm_hot.h"
#include "bnm_nibble_block.h"

#if !defined(BNM_RV32E)

const uint8_t *bnm_nibbles3_words(const struct bnm_nibble_lists *lists, const uint8_t *words, int32_t *acc, unsigned blocks) {
  for (; blocks != 0; blocks--, words += 4 * (lists->x_end - lists->x), acc += 8) bnm_add_nibble_block(lists, 3, words, acc);
  return words;
}

#endif
