/* Blocks of 8 outputs with 3-bit codes from the nibble lists. Interface: bnm_nibble_lists.h; words: bnm_three_bits.h. */
#include "bnm_hot.h"
#include "bnm_nibble_lists.h"
#include "bnm_three_bits.h"

/* An input is read once for each of its nibbles: the fourth block's words are put together once before. */
BNM_HOT(bnm_nibbles3_fourth)
static void add_fourth(const struct bnm_nibble_lists *lists, const uint8_t *words, unsigned stride, int32_t *acc) {
  uint32_t fourth[BNM_NIBBLES_INPUTS];
  uint32_t *to = fourth;
  for (const int8_t *input = lists->window; input != lists->next; input++, words += 4) *to++ = bnm_fourth_word(words, stride);
  (void)bnm_nibbles3_words(lists, (const uint8_t *)fourth, acc, 1);
}

const uint8_t *bnm_nibbles3_blocks(const void *listed, const uint8_t *words, int32_t *acc, unsigned blocks) {
  const struct bnm_nibble_lists *const lists = listed;
  const unsigned stride = 4u * (unsigned)(lists->x_end - lists->x);
  for (; blocks >= BNM_SHARING_BLOCKS; blocks -= BNM_SHARING_BLOCKS, acc += 8u * BNM_SHARING_BLOCKS) {
    const uint8_t *const next = bnm_nibbles3_words(lists, words, acc, BNM_SHARING_BLOCKS - 1u);
    add_fourth(lists, words, stride, acc + 8u * (BNM_SHARING_BLOCKS - 1u));
    words = next;
  }
  return blocks == 0 ? words : bnm_nibbles3_words(lists, words, acc, blocks);
}
