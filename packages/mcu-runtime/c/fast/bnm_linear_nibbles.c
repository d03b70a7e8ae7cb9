/* Linear layers by nibble lists: 3- and 4-bit codes on parts without a multiplier. Interface: bnm_linear_nibbles.h. */
#include "bnm_linear_nibbles.h"

#define BNM_LOG2_LARGEST_BLOCK 3
#include "bnm_add_parts.h"
#include "bnm_nibble_lists.h"
#include "bnm_row_sums.h"

void bnm_linear_nibbles(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                        const struct bnm_code_part *parts) {
  struct bnm_nibble_lists lists;
  const uint8_t *words = bnm_start_from_row_sums(x, inputs, weights, outputs, acc, &lists.mode);
  lists.x = x;
  lists.x_end = x + inputs;
  lists.span = parts->narrow != 0 ? BNM_NIBBLES_INPUTS : BNM_NIBBLES_SPAN;
  /* What lies below the mode value is listed by its opposite, and subtracted as a whole. Most inputs lie on one side. */
  const int32_t first_sign = lists.mode > 0 ? -1 : 0;
  lists.sign = first_sign;
  do {
    if (lists.sign < 0) bnm_negate(acc, outputs);
    lists.next = x;
    lists.below = 0;
    while (lists.next != lists.x_end) {
      bnm_collect_nibbles(&lists);
      add_parts(parts, BNM_LOG2_LARGEST_BLOCK, &lists, &lists.scale, lists.sum, words + 4 * (lists.window - x), outputs, acc);
    }
    if (lists.sign < 0) bnm_negate(acc, outputs);
    if (lists.below == 0) return;
    lists.sign = ~lists.sign;
  } while (lists.sign != first_sign);
}
