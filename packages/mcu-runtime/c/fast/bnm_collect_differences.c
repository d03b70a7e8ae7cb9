/* From activations to a list of differences. Interface: bnm_difference_list.h. */
#include "bnm_assert_layout.h"
#include "bnm_difference_list.h"
#include "bnm_hot.h"

#if defined(BNM_RV32E) || defined(BNM_THUMB)
BNM_ASSERT_OFFSET(last, bnm_difference_list, last, BNM_LIST_LAST);
BNM_ASSERT_OFFSET(shift, bnm_difference_list, scale.shift, BNM_LIST_SHIFT);
BNM_ASSERT_OFFSET(offset, bnm_difference_list, scale.offset, BNM_LIST_OFFSET);
BNM_ASSERT_OFFSET(next, bnm_difference_list, next, BNM_LIST_NEXT);
BNM_ASSERT_OFFSET(x_end, bnm_difference_list, x_end, BNM_LIST_X_END);
BNM_ASSERT_OFFSET(x, bnm_difference_list, x, BNM_LIST_X);
BNM_ASSERT_OFFSET(mode, bnm_difference_list, mode, BNM_LIST_MODE);
BNM_ASSERT_OFFSET(below, bnm_difference_list, below, BNM_LIST_BELOW);
BNM_ASSERT_OFFSET(sign, bnm_difference_list, sign, BNM_LIST_SIGN);
BNM_ASSERT_OFFSET(items, bnm_difference_list, item, BNM_LIST_ITEMS);
#elif !defined(BNM_DSP)

int32_t bnm_collect_differences(struct bnm_difference_list *list) {
  const int mode = (int)list->mode;
  const int8_t *next = list->next;
  const int8_t *const end = list->x_end;
  const int8_t *const x = list->x;
  struct bnm_difference *item = list->item;
  int32_t sum = 0;
  while (next < end) {
    int difference = *next++;
    if (difference == mode) continue;
    difference -= mode;
    if (list->sign < 0) difference = -difference;
    if (difference < 0) {
      list->below = 1;
      continue;
    }
    item->offset = (uint16_t)(4 * (next - 1 - x));
    item->value = (uint16_t)difference;
    item++;
    sum += difference;
    if (sum > BNM_LIST_SUM_LIMIT || item == list->item + BNM_LIST_CAPACITY) break;
  }
  list->next = next;
  list->last = item;
  return sum;
}

#endif
