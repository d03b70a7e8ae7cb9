/* From activations to lists of inputs by nibble. Interface: bnm_nibble_lists.h. */
#include "bnm_assert_layout.h"
#include "bnm_hot.h"
#include "bnm_nibble_lists.h"

#if defined(BNM_RV32E)
BNM_ASSERT_OFFSET(shift, bnm_nibble_lists, scale.shift, BNM_NIBBLES_SHIFT_BY);
BNM_ASSERT_OFFSET(offset, bnm_nibble_lists, scale.offset, BNM_NIBBLES_OFFSET);
BNM_ASSERT_OFFSET(window, bnm_nibble_lists, window, BNM_NIBBLES_WINDOW);
BNM_ASSERT_OFFSET(next, bnm_nibble_lists, next, BNM_NIBBLES_NEXT);
BNM_ASSERT_OFFSET(x_end, bnm_nibble_lists, x_end, BNM_NIBBLES_X_END);
BNM_ASSERT_OFFSET(x, bnm_nibble_lists, x, BNM_NIBBLES_X);
BNM_ASSERT_OFFSET(mode, bnm_nibble_lists, mode, BNM_NIBBLES_MODE);
BNM_ASSERT_OFFSET(below, bnm_nibble_lists, below, BNM_NIBBLES_BELOW);
BNM_ASSERT_OFFSET(sign, bnm_nibble_lists, sign, BNM_NIBBLES_SIGN);
BNM_ASSERT_OFFSET(sum, bnm_nibble_lists, sum, BNM_NIBBLES_SUM);
BNM_ASSERT_OFFSET(low, bnm_nibble_lists, u.low, BNM_NIBBLES_LOW);
BNM_ASSERT_OFFSET(high, bnm_nibble_lists, high, BNM_NIBBLES_HIGH);
BNM_ASSERT_OFFSET(next_low, bnm_nibble_lists, low_chains.next, BNM_NIBBLES_NEXT_LOW);
BNM_ASSERT_OFFSET(number, bnm_nibble_lists, number, BNM_NIBBLES_NUMBER);
BNM_ASSERT_OFFSET(span, bnm_nibble_lists, span, BNM_NIBBLES_SPAN_OF);
BNM_ASSERT_OFFSET(head_low, bnm_nibble_lists, low_chains.head, BNM_NIBBLES_HEAD_LOW);
#else

static void chain(struct bnm_nibble_chains *chains, unsigned nibble, unsigned i) {
  chains->next[i] = chains->head[nibble];
  chains->head[nibble] = (uint8_t)(i + 1u);
}

/* Chains the inputs by their nibbles; inputs with a nibble 0 are in chains that are not used. */
static void chain_inputs(struct bnm_nibble_lists *lists) {
  const int8_t *next = lists->next;
  while (next != lists->x_end && *next == lists->mode) next++;
  const int8_t *const end = lists->x_end - next > (int32_t)lists->span ? next + lists->span : lists->x_end;
  unsigned listed = 0;
  lists->window = next;
  lists->sum = 0;
  for (unsigned nibble = 0; nibble < 16u; nibble++) lists->low_chains.head[nibble] = lists->u.high_chains.head[nibble] = 0;
  for (; next != end && listed != BNM_NIBBLES_INPUTS; next++) {
    int32_t difference = *next - lists->mode;
    if (lists->sign < 0) difference = -difference;
    if (difference < 0) lists->below = 1;
    if (difference <= 0) continue;
    lists->number[listed] = (uint8_t)(next - lists->window + 1);
    chain(&lists->u.high_chains, (unsigned)difference >> 4, listed);
    chain(&lists->low_chains, (unsigned)difference & 15u, listed++);
    lists->sum += difference;
  }
  lists->next = next;
}

static void write_stream(const struct bnm_nibble_chains *chains, const uint8_t *number, uint8_t *stream, unsigned terminator) {
  unsigned nibble = 15;
  while (nibble != 0 && chains->head[nibble] == 0) nibble--;
  for (; nibble != 0; nibble--) {
    unsigned input = chains->head[nibble];
    int is_first = 1;
    do {
      uint8_t *const header = stream++;
      int size = 1;
      for (; input != 0 && size <= BNM_NIBBLES_GROUP; size++) {
        *stream++ = number[input - 1u];
        input = chains->next[input - 1u];
      }
      *header = (uint8_t)(is_first ? size : -size);
      is_first = 0;
    } while (input != 0);
  }
  *stream = (uint8_t)terminator;
}

void bnm_collect_nibbles(struct bnm_nibble_lists *lists) {
  chain_inputs(lists);
  write_stream(&lists->u.high_chains, lists->number, lists->high, lists->sum <= BNM_NIBBLES_SUM_LIMIT ? BNM_NIBBLES_SHIFT : BNM_NIBBLES_SPILL);
  write_stream(&lists->low_chains, lists->number, lists->u.low, BNM_NIBBLES_FINISH);
}

#endif
