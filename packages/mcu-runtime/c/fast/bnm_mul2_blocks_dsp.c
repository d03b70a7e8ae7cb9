/* Blocks of 16 outputs with 2-bit codes from a list of differences, for cores with the DSP extension. Interface: bnm_difference_list.h. */
#include "bnm_mul_lanes_dsp.h"

#if defined(BNM_DSP)

static inline __attribute__((always_inline)) void add_item(struct bnm_lane_sums *low, struct bnm_lane_sums *high,
                                                           const struct bnm_difference *item, const uint8_t *words, uint32_t lanes) {
  const uint32_t word = bnm_word_of(item, words), value = item->value;
  bnm_add_lanes(low, word, value, lanes, 0, 2);
  bnm_add_lanes(high, word, value, lanes, 8, 2);
}

BNM_HOT(bnm_mul2_blocks)
const uint8_t *bnm_mul2_blocks(const void *listed, const uint8_t *words, int32_t *acc, unsigned blocks) {
  const struct bnm_difference_list *const list = listed;
  const struct bnm_sum_scale scale = list->scale;
  const struct bnm_difference *const last = list->last;
  const uint32_t lanes = bnm_lanes_of(2);
  for (; blocks != 0; blocks--, words += 4 * (list->x_end - list->x), acc += 16) {
    struct bnm_lane_sums low = {0, 0, 0, 0}, high = {0, 0, 0, 0};
    const struct bnm_difference *item = list->item;
    /* Two in a turn: of an odd list the first one alone. */
    if (((last - item) & 1) != 0) {
      add_item(&low, &high, item, words, lanes);
      item++;
    }
    for (; item != last; item += 2) {
      add_item(&low, &high, item, words, lanes);
      bnm_sum_first(&low);
      bnm_sum_first(&high);
      add_item(&low, &high, item + 1, words, lanes);
    }
    bnm_unpack_lanes(&low, scale, acc, 8);
    bnm_unpack_lanes(&high, scale, acc + 4, 8);
  }
  return words;
}

#endif
