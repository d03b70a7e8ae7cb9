/* Linear layers by bit lists: codes of more than 4 bits on parts without a multiplier. Interface: bnm_linear_bits.h. */
#include "bnm_linear_bits.h"

#define BNM_LOG2_LARGEST_BLOCK 5
#include "bnm_add_parts.h"
#include "bnm_bit_lists.h"
#include "bnm_row_sums.h"

void bnm_linear_bits(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                     const struct bnm_code_part *parts) {
  struct bnm_bit_lists lists;
  const uint8_t *words = bnm_start_from_row_sums(x, inputs, weights, outputs, acc, &lists.mode);
  lists.x = x;
  lists.x_end = x + inputs;
  lists.sign = 0;
  /* A second turn for differences below the mode value: their opposites are subtracted as a whole. */
  for (;;) {
    lists.next = x;
    lists.below = 0;
    while (lists.next != lists.x_end) {
      bnm_collect_bits(&lists);
      add_parts(parts, 0, &lists, &lists.scale, bnm_enter_bits(&lists), words, outputs, acc);
    }
    if (lists.sign < 0) bnm_negate(acc, outputs);
    if (lists.sign < 0 || lists.below == 0) return;
    bnm_negate(acc, outputs);
    lists.sign = -1;
  }
}
