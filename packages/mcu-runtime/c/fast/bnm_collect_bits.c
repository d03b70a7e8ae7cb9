/* From activations to lists of inputs by bit. Interface: bnm_bit_lists.h. */
#include <stddef.h>

#include "bnm_bit_lists.h"
#include "bnm_hot.h"

#define ASSERT_EQUAL(NAME, A, B) typedef char bnm_assert_##NAME[(A) == (B) ? 1 : -1]
#if defined(BNM_RV32E)
ASSERT_EQUAL(plane_bytes, sizeof(struct bnm_bit_list), BNM_BIT_LIST_BYTES);
ASSERT_EQUAL(plane_offsets, offsetof(struct bnm_bit_list, offset), BNM_BIT_LIST_OFFSETS);
ASSERT_EQUAL(first, offsetof(struct bnm_bit_lists, first), BNM_BIT_LISTS_FIRST);
ASSERT_EQUAL(shift, offsetof(struct bnm_bit_lists, shift), BNM_BIT_LISTS_SHIFT);
ASSERT_EQUAL(offset, offsetof(struct bnm_bit_lists, offset), BNM_BIT_LISTS_OFFSET);
ASSERT_EQUAL(next, offsetof(struct bnm_bit_lists, next), BNM_BIT_LISTS_NEXT);
ASSERT_EQUAL(x_end, offsetof(struct bnm_bit_lists, x_end), BNM_BIT_LISTS_X_END);
ASSERT_EQUAL(x, offsetof(struct bnm_bit_lists, x), BNM_BIT_LISTS_X);
ASSERT_EQUAL(mode, offsetof(struct bnm_bit_lists, mode), BNM_BIT_LISTS_MODE);
ASSERT_EQUAL(below, offsetof(struct bnm_bit_lists, below), BNM_BIT_LISTS_BELOW);
ASSERT_EQUAL(sign, offsetof(struct bnm_bit_lists, sign), BNM_BIT_LISTS_SIGN);
ASSERT_EQUAL(end, offsetof(struct bnm_bit_lists, end), BNM_BIT_LISTS_END);
ASSERT_EQUAL(count, offsetof(struct bnm_bit_list, count), BNM_BIT_LIST_COUNT);
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
