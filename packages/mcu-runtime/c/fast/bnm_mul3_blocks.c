/* Blocks of 8 outputs with 3-bit codes from a list of differences. Interface: bnm_difference_list.h; words: bnm_three_bits.h. */
#include "bnm_difference_list.h"
#include "bnm_three_bits.h"

const uint8_t *bnm_mul3_blocks(const void *listed, const uint8_t *words, int32_t *acc, unsigned blocks) {
  const struct bnm_difference_list *const list = listed;
  for (; blocks >= BNM_SHARING_BLOCKS; blocks -= BNM_SHARING_BLOCKS, acc += 8u * BNM_SHARING_BLOCKS) {
    const uint8_t *const next = bnm_mul3_words(list, words, acc, BNM_SHARING_BLOCKS - 1u);
    bnm_mul3_fourth(list, words, acc + 8u * (BNM_SHARING_BLOCKS - 1u));
    words = next;
  }
  return blocks == 0 ? words : bnm_mul3_words(list, words, acc, blocks);
}
