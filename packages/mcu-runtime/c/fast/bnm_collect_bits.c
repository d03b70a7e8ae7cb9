/* From activations to lists of inputs by bit. Interface: bnm_bit_lists.h. */
#include "bnm_assert_layout.h"
#include "bnm_bit_lists.h"
#include "bnm_hot.h"

#if defined(BNM_RV32E)
BNM_ASSERT_EQUAL(list_bytes, sizeof(struct bnm_bit_list), BNM_BIT_LIST_BYTES);
BNM_ASSERT_OFFSET(list_offsets, bnm_bit_list, offset, BNM_BIT_LIST_OFFSETS);
BNM_ASSERT_OFFSET(first, bnm_bit_lists, first, BNM_BIT_LISTS_FIRST);
BNM_ASSERT_OFFSET(shift, bnm_bit_lists, scale.shift, BNM_BIT_LISTS_SHIFT);
BNM_ASSERT_OFFSET(offset, bnm_bit_lists, scale.offset, BNM_BIT_LISTS_OFFSET);
BNM_ASSERT_OFFSET(next, bnm_bit_lists, next, BNM_BIT_LISTS_NEXT);
BNM_ASSERT_OFFSET(x_end, bnm_bit_lists, x_end, BNM_BIT_LISTS_X_END);
BNM_ASSERT_OFFSET(x, bnm_bit_lists, x, BNM_BIT_LISTS_X);
BNM_ASSERT_OFFSET(mode, bnm_bit_lists, mode, BNM_BIT_LISTS_MODE);
BNM_ASSERT_OFFSET(below, bnm_bit_lists, below, BNM_BIT_LISTS_BELOW);
BNM_ASSERT_OFFSET(sign, bnm_bit_lists, sign, BNM_BIT_LISTS_SIGN);
BNM_ASSERT_OFFSET(end, bnm_bit_lists, end, BNM_BIT_LISTS_END);
BNM_ASSERT_OFFSET(count, bnm_bit_list, count, BNM_BIT_LIST_COUNT);
#else

void bnm_collect_bits(struct bnm_bit_lists *lists) {
  const int mode = (int)lists->mode;
  const int8_t *next = lists->next;
  unsigned full = 0;
  for (unsigned p = 0; p < BNM_BITS; p++) lists->list[p].entry = (uintptr_t)lists->list[p].offset;
  while (next < lists->x_end && !full) {
    int difference = *next++ - mode;
    if (lists->sign < 0) difference = -difference;
    if (difference < 0) lists->below = 1;
    if (difference <= 0) continue;
    const uint16_t offset = (uint16_t)(4 * (next - 1 - lists->x));
    struct bnm_bit_list *list = &lists->list[BNM_BITS - 1];
    for (unsigned rest = (unsigned)difference; rest != 0; rest >>= 1, list--) {
      if ((rest & 1u) == 0) continue;
      uint16_t *end = (uint16_t *)list->entry;
      *end++ = offset;
      list->entry = (uintptr_t)end;
      if (end == list->offset + BNM_BIT_LIST_CAPACITY) full = 1;
    }
  }
  lists->next = next;
}

#endif
