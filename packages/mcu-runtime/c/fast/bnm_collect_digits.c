/* From activations to lists of inputs by digit. Interface: bnm_digit_lists.h. */
#include <stddef.h>

#include "bnm_digit_lists.h"
#include "bnm_hot.h"

#define ASSERT_EQUAL(NAME, A, B) typedef char bnm_assert_##NAME[(A) == (B) ? 1 : -1]
#if defined(BNM_RV32E)
ASSERT_EQUAL(shift, offsetof(struct bnm_digit_lists, shift), BNM_DIGITS_SHIFT_BY);
ASSERT_EQUAL(offset, offsetof(struct bnm_digit_lists, offset), BNM_DIGITS_OFFSET);
ASSERT_EQUAL(window, offsetof(struct bnm_digit_lists, window), BNM_DIGITS_WINDOW);
ASSERT_EQUAL(next, offsetof(struct bnm_digit_lists, next), BNM_DIGITS_NEXT);
ASSERT_EQUAL(x_end, offsetof(struct bnm_digit_lists, x_end), BNM_DIGITS_X_END);
ASSERT_EQUAL(x, offsetof(struct bnm_digit_lists, x), BNM_DIGITS_X);
ASSERT_EQUAL(background, offsetof(struct bnm_digit_lists, background), BNM_DIGITS_BACKGROUND);
ASSERT_EQUAL(below, offsetof(struct bnm_digit_lists, below), BNM_DIGITS_BELOW);
ASSERT_EQUAL(sign, offsetof(struct bnm_digit_lists, sign), BNM_DIGITS_SIGN);
ASSERT_EQUAL(sum, offsetof(struct bnm_digit_lists, sum), BNM_DIGITS_SUM);
ASSERT_EQUAL(low, offsetof(struct bnm_digit_lists, u.low), BNM_DIGITS_LOW);
ASSERT_EQUAL(high, offsetof(struct bnm_digit_lists, high), BNM_DIGITS_HIGH);
ASSERT_EQUAL(next_low, offsetof(struct bnm_digit_lists, low_chains.next), BNM_DIGITS_NEXT_LOW);
ASSERT_EQUAL(head_low, offsetof(struct bnm_digit_lists, low_chains.head), BNM_DIGITS_HEAD_LOW);
#else

static void chain(struct bnm_digit_chains *chains, unsigned digit, unsigned i) {
  chains->next[i] = chains->head[digit];
  chains->head[digit] = (uint8_t)(4u * i + 1u);
}

/* Chains the inputs by their digits; inputs with a digit 0 are in chains that are not used. */
static void chain_inputs(struct bnm_digit_lists *lists) {
  const int8_t *next = lists->next;
  while (next != lists->x_end && *next == lists->background) next++;
  const int8_t *const end = lists->x_end - next > BNM_DIGITS_INPUTS ? next + BNM_DIGITS_INPUTS : lists->x_end;
  lists->window = next;
  lists->sum = 0;
  for (unsigned digit = 0; digit < 16u; digit++) lists->low_chains.head[digit] = lists->u.high_chains.head[digit] = 0;
  for (; next != end; next++) {
    int32_t difference = *next - lists->background;
    if (lists->sign < 0) difference = -difference;
    if (difference < 0) lists->below = 1;
    if (difference <= 0) continue;
    const unsigned i = (unsigned)(next - lists->window);
    chain(&lists->u.high_chains, (unsigned)difference >> 4, i);
    chain(&lists->low_chains, (unsigned)difference & 15u, i);
    lists->sum += difference;
  }
  lists->next = next;
}

static void write_stream(const struct bnm_digit_chains *chains, uint8_t *stream, unsigned terminator) {
  unsigned digit = 15;
  while (digit != 0 && chains->head[digit] == 0) digit--;
  for (; digit != 0; digit--) {
    unsigned input = chains->head[digit];
    int is_first = 1;
    do {
      uint8_t *const header = stream++;
      int size = 1;
      for (; input != 0 && size <= BNM_DIGITS_GROUP; size++) {
        *stream++ = (uint8_t)input;
        input = chains->next[input / 4u];
      }
      *header = (uint8_t)(is_first ? size : -size);
      is_first = 0;
    } while (input != 0);
  }
  *stream = (uint8_t)terminator;
}

void bnm_collect_digits(struct bnm_digit_lists *lists) {
  chain_inputs(lists);
  write_stream(&lists->u.high_chains, lists->high, lists->sum <= BNM_DIGITS_SUM_LIMIT ? BNM_DIGITS_SHIFT : BNM_DIGITS_SPILL);
  write_stream(&lists->low_chains, lists->u.low, BNM_DIGITS_FINISH);
}

#endif
