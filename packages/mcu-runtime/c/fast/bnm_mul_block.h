/* A block of 8 outputs from a list of differences, in portable C: the meaning of bnm_mul_blocks_rv32e.h and bnm_mul_blocks_thumb.h. */
#ifndef BNM_MUL_BLOCK_H
#define BNM_MUL_BLOCK_H

#include "bnm_difference_list.h"
#include "bnm_hot.h"
#include "bnm_three_bits.h"
#if defined(BNM_DSP)
#include "bnm_mul_lanes_dsp.h"
#endif

/* Where the codes of a block are. */
enum bnm_mul_codes { BNM_MUL_4_BITS, BNM_MUL_3_BITS, BNM_MUL_FOURTH };

#if defined(BNM_DSP)

static inline __attribute__((always_inline)) void bnm_add_mul_item(struct bnm_lane_sums *sums, const struct bnm_difference *item,
                                                                   enum bnm_mul_codes codes, const uint8_t *words, unsigned stride,
                                                                   uint32_t lanes) {
  const uint32_t word = codes == BNM_MUL_FOURTH ? bnm_fourth_word(words + item->offset, stride) : bnm_word_of(item, words);
  bnm_add_lanes(sums, word, item->value, lanes, 0, codes == BNM_MUL_4_BITS ? 4u : 3u);
}

/* Two items in a turn: of an odd list the first one alone. */
static inline __attribute__((always_inline)) void bnm_add_mul_block(const struct bnm_difference_list *list, enum bnm_mul_codes codes,
                                                                    const uint8_t *words, int32_t *acc) {
  const unsigned stride = 4u * (unsigned)(list->x_end - list->x);
  const uint32_t lanes = bnm_lanes_of(codes == BNM_MUL_4_BITS ? 4u : 3u);
  struct bnm_lane_sums sums = {0, 0, 0, 0};
  const struct bnm_difference *item = list->item, *const last = list->last;
  if (((last - item) & 1) != 0) {
    bnm_add_mul_item(&sums, item, codes, words, stride, lanes);
    item++;
  }
  for (; item != last; item += 2) {
    bnm_add_mul_item(&sums, item, codes, words, stride, lanes);
    bnm_add_mul_item(&sums, item + 1, codes, words, stride, lanes);
  }
  bnm_unpack_lanes(&sums, list->scale, acc, 4);
}

#else

static inline void bnm_add_mul_block(const struct bnm_difference_list *list, enum bnm_mul_codes codes, const uint8_t *words,
                                     int32_t *acc) {
  const unsigned bits = codes == BNM_MUL_4_BITS ? 4u : 3u, stride = 4u * (unsigned)(list->x_end - list->x);
  const uint32_t lanes = codes == BNM_MUL_4_BITS ? 0x000F000Fu : 0x00070007u;
  uint32_t sums[4] = {0, 0, 0, 0}; /* 16-bit lanes: outputs 0 and 4, 1 and 5, 2 and 6, 3 and 7 */
  for (const struct bnm_difference *item = list->item; item != list->last; item++) {
    const uint8_t *const at = words + item->offset;
    const uint32_t word = codes == BNM_MUL_FOURTH ? bnm_fourth_word(at, stride) : *(const uint32_t *)(const void *)at;
    const uint32_t value = item->value;
    sums[0] += (word & lanes) * value;
    sums[1] += (word >> bits & lanes) * value;
    sums[2] += (word >> 2u * bits & lanes) * value;
    sums[3] += (word >> 3u * bits & lanes) * value;
  }
  for (unsigned k = 0; k < 4; k++) {
    acc[k] += (int32_t)((sums[k] & 0xFFFFu) << list->scale.shift) + list->scale.offset;
    acc[k + 4] += (int32_t)(sums[k] >> 16 << list->scale.shift) + list->scale.offset;
  }
}

#endif

#endif
