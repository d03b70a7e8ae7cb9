/*
 * List of differences, for cores with the DSP extension. Interface and meaning: bnm_difference_list.h, bnm_collect_differences.c. Four inputs come
 * with one load, and four at the mode value go with one comparison. For the opposites of differences the inputs are complemented: -1 - x, as
 * is the mode value.
 */
#include "bnm_difference_list.h"
#include "bnm_dsp.h"

#if defined(BNM_DSP)

/* Items that are left free, and what the sum leaves free, for four inputs at once. */
#define LAST_FOUR (BNM_LIST_CAPACITY - 4)
#define SUM_FOR_FOUR (BNM_LIST_SUM_LIMIT + 255 - 4 * 255)

/* An item as a word. */
static inline uint32_t item_of(uint32_t offset, int32_t difference) { return bnm_lower_halves(offset, (uint32_t)difference); }

#define TAKE(K)                                             \
  do {                                                      \
    const int32_t difference = (int8_t)(word >> 8 * (K) & 0xFFu) - mode; \
    if (difference == 0) break;                             \
    if (difference < 0) {                                   \
      below = 1;                                            \
      break;                                                \
    }                                                       \
    *item++ = item_of(offset + 4u * (K), difference);       \
    sum += difference;                                      \
  } while (0)

BNM_HOT(bnm_collect_differences)
int32_t bnm_collect_differences(struct bnm_difference_list *list) {
  const uint32_t complement = list->sign < 0 ? 0xFFFFFFFFu : 0;
  const int32_t mode = (int32_t)((uint32_t)list->mode ^ complement);
  const uint32_t modes = ((uint32_t)mode & 0xFFu) * 0x01010101u;
  const int8_t *next = list->next;
  const int8_t *const end = list->x_end;
  uint32_t offset = 4u * (uint32_t)(next - list->x);
  bnm_pair_word *const items = (bnm_pair_word *)(void *)list->item, *item = items;
  int32_t sum = 0, below = 0;
  while (end - next >= 4 && sum <= SUM_FOR_FOUR && item <= items + LAST_FOUR) {
    const uint32_t word = bnm_load_word(next) ^ complement;
    if (word != modes) {
      TAKE(0);
      TAKE(1);
      TAKE(2);
      TAKE(3);
    }
    next += 4;
    offset += 16u;
  }
  /* One by one to the end of the inputs, or of the list. */
  while (next != end && sum <= BNM_LIST_SUM_LIMIT && item != items + BNM_LIST_CAPACITY) {
    const uint32_t word = (uint8_t)*next++ ^ complement;
    TAKE(0);
    offset += 4u;
  }
  if (below != 0) list->below = 1;
  list->next = next;
  list->last = (const struct bnm_difference *)(const void *)item;
  return sum;
}

#endif
