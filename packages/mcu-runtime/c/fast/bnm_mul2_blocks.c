/* Blocks of 16 outputs from a list of differences, in portable C: the meaning of bnm_mul2_blocks_rv32e.S and _dsp.c. */
#include "bnm_difference_list.h"
#include "bnm_hot.h"

#if !(defined(BNM_RV32E) && defined(__riscv_mul)) && !defined(BNM_DSP)

/* Half of a block: outputs k and k + 8 for four k, whose codes begin at a bit of the words. */
BNM_HOT(bnm_mul2_half)
static void half(const struct bnm_difference_list *list, const uint8_t *words, unsigned bit, int32_t *acc) {
  const uint32_t lanes = 0x00030003u;
  uint32_t sums[4];
  /* One by one: an initializer becomes a call of memset. */
  sums[0] = sums[1] = sums[2] = sums[3] = 0;
  for (const struct bnm_difference *item = list->item; item != list->last; item++) {
    const uint32_t word = *(const uint32_t *)(const void *)(words + item->offset) >> bit;
    const uint32_t value = item->value;
    sums[0] += (word & lanes) * value;
    sums[1] += (word >> 2 & lanes) * value;
    sums[2] += (word >> 4 & lanes) * value;
    sums[3] += (word >> 6 & lanes) * value;
  }
  for (unsigned k = 0; k < 4; k++) {
    acc[k] += (int32_t)((sums[k] & 0xFFFFu) << list->scale.shift) + list->scale.offset;
    acc[k + 8] += (int32_t)(sums[k] >> 16 << list->scale.shift) + list->scale.offset;
  }
}

const uint8_t *bnm_mul2_blocks(const void *listed, const uint8_t *words, int32_t *acc, unsigned blocks) {
  const struct bnm_difference_list *const list = listed;
  for (; blocks != 0; blocks--, words += 4 * (list->x_end - list->x), acc += 16) {
    half(list, words, 0, acc);
    half(list, words, 8, acc + 4);
  }
  return words;
}

#endif
