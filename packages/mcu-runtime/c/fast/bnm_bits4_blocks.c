/* Blocks of 8 outputs from the bit lists, in portable C: the meaning of bnm_bits4_blocks_rv32e.S. */
#include "bnm_bit_lists.h"
#include "bnm_hot.h"

#if !defined(BNM_RV32E)

static void block(const struct bnm_bit_lists *lists, const uint8_t *words, int32_t *acc) {
  const uint32_t nibbles = 0x0F0F0F0Fu, bytes = 0x00FF00FFu;
  /* 16-bit lanes: outputs 0 and 4, 1 and 5, 2 and 6, 3 and 7. */
  uint32_t sums[4] = {0, 0, 0, 0};
  for (const struct bnm_bit_list *list = lists->first; list != lists->list + BNM_BITS; list++) {
    uint32_t even = 0, odd = 0; /* 8-bit lanes: outputs 0, 2, 4, 6 and 1, 3, 5, 7 */
    for (unsigned k = 0; k < list->count; k++) {
      const uint32_t word = *(const uint32_t *)(const void *)(words + list->offset[k]);
      even += word & nibbles;
      odd += word >> 4 & nibbles;
    }
    sums[0] = 2u * sums[0] + (even & bytes);
    sums[1] = 2u * sums[1] + (odd & bytes);
    sums[2] = 2u * sums[2] + (even >> 8 & bytes);
    sums[3] = 2u * sums[3] + (odd >> 8 & bytes);
  }
  for (unsigned k = 0; k < 4; k++) {
    acc[k] += (int32_t)((sums[k] & 0xFFFFu) << lists->scale.shift) + lists->scale.offset;
    acc[k + 4] += (int32_t)(sums[k] >> 16 << lists->scale.shift) + lists->scale.offset;
  }
}

const uint8_t *bnm_bits4_blocks(const void *listed, const uint8_t *words, int32_t *acc, unsigned blocks) {
  const struct bnm_bit_lists *const lists = listed;
  for (; blocks != 0; blocks--, words += 4 * (lists->x_end - lists->x), acc += 8) block(lists, words, acc);
  return words;
}

#endif
