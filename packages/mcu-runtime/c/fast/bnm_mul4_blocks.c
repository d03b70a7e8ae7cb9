/* Blocks of 8 outputs from a list of differences, in portable C: the meaning of bnm_mul4_blocks_rv32e.S and _thumb.S. */
#include "bnm_difference_list.h"
#include "bnm_hot.h"

#if !(defined(BNM_RV32E) && defined(__riscv_mul)) && !defined(BNM_THUMB)

static void block(const struct bnm_difference_list *list, const uint8_t *words, int32_t *acc) {
  const uint32_t lanes = 0x000F000Fu;
  uint32_t sums[4] = {0, 0, 0, 0}; /* 16-bit lanes: outputs 0 and 4, 1 and 5, 2 and 6, 3 and 7 */
  for (const struct bnm_difference *item = list->item; item != list->last; item++) {
    const uint32_t word = *(const uint32_t *)(const void *)(words + item->offset);
    const uint32_t value = item->value;
    sums[0] += (word & lanes) * value;
    sums[1] += (word >> 4 & lanes) * value;
    sums[2] += (word >> 8 & lanes) * value;
    sums[3] += (word >> 12 & lanes) * value;
  }
  for (unsigned k = 0; k < 4; k++) {
    acc[k] += (int32_t)((sums[k] & 0xFFFFu) << list->shift) + list->offset;
    acc[k + 4] += (int32_t)(sums[k] >> 16 << list->shift) + list->offset;
  }
}

const uint8_t *bnm_mul4_blocks(const struct bnm_difference_list *list, const uint8_t *words, int32_t *acc, unsigned blocks) {
  for (; blocks != 0; blocks--, words += 4 * (list->x_end - list->x), acc += 8) block(list, words, acc);
  return words;
}

#endif
