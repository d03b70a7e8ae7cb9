/* From activations to lists of inputs by digit. Interface: bnm_digit_lists.h. */
#include <stddef.h>

#include "bnm_digit_lists.h"
#include "bnm_hot.h"

#define ASSERT_EQUAL(NAME, A, B) typedef char bnm_assert_##NAME[(A) == (B) ? 1 : -1]
#if defined(BNM_RV32E)
ASSERT_EQUAL(first, offsetof(struct bnm_digit_lists, first), BNM_DIGITS_FIRST);
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
ASSERT_EQUAL(index, offsetof(struct bnm_digit_lists, index), BNM_DIGITS_INDEX);
ASSERT_EQUAL(next_low, offsetof(struct bnm_digit_lists, low_chains.next), BNM_DIGITS_NEXT_LOW);
ASSERT_EQUAL(head_low, offsetof(struct bnm_digit_lists, low_chains.head), BNM_DIGITS_HEAD_LOW);
#else

static void chain(struct bnm_digit_chains *chains, unsigned digit, unsigned k) {
  chains->next[k] = chains->head[digit];
  chains->head[digit] = (uint8_t)(k + 1u);
}

/* Chains the inputs by their digits; inputs with a digit 0 are in chains that are not used. */
static void chain_inputs(struct bnm_digit_lists *lists) {
  const int8_t *next = lists->next;
  const int8_t *const end = lists->x_end - next > 256 ? next + 256 : lists->x_end;
  unsigned k = 0;
  lists->window = next;
  lists->sum = 0;
  for (unsigned digit = 0; digit < 16u; digit++) lists->low_chains.head[digit] = lists->u.high_chains.head[digit] = 0;
  while (next != end && k != BNM_DIGITS_CAPACITY) {
    int32_t difference = *next++ - lists->background;
    if (lists->sign < 0) difference = -difference;
    if (difference < 0) lists->below = 1;
    if (difference <= 0) continue;
    lists->index[k] = (uint8_t)(next - 1 - lists->window);
    chain(&lists->u.high_chains, (unsigned)difference >> 4, k);
    chain(&lists->low_chains, (unsigned)difference & 15u, k);
    lists->sum += difference;
    k++;
  }
  lists->next = next;
}

static void write_stream(const struct bnm_digit_lists *lists, const struct bnm_digit_chains *chains, uint8_t *stream,
                         unsigned terminator) {
  unsigned digit = 15;
  while (digit != 0 && chains->head[digit] == 0) digit--;
  for (; digit != 0; digit--) {
    unsigned k = chains->head[digit];
    int is_first = 1;
    do {
      uint8_t *const header = stream++;
      int size = 1;
      for (; k != 0 && size <= BNM_DIGITS_GROUP; size++) {
        *stream++ = lists->index[k - 1u];
        k = chains->next[k - 1u];
      }
      *header = (uint8_t)(is_first ? size : -size);
      is_first = 0;
    } while (k != 0);
  }
  *stream = (uint8_t)terminator;
}

void bnm_collect_digits(struct bnm_digit_lists *lists) {
  chain_inputs(lists);
  const unsigned then = lists->sum <= BNM_DIGITS_SUM_LIMIT ? BNM_DIGITS_SHIFT : BNM_DIGITS_FINISH;
  write_stream(lists, &lists->u.high_chains, lists->high, then);
  write_stream(lists, &lists->low_chains, lists->u.low, BNM_DIGITS_FINISH);
}

#endif
