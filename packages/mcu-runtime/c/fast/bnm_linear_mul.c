/* Linear layers for parts with a multiplier. Interface: bnm_linear_mul.h. */
#include "bnm_linear_mul.h"

#define BNM_LOG2_LARGEST_BLOCK 4
#include "bnm_add_parts.h"
#include "bnm_difference_list.h"
#include "bnm_row_sums.h"

void bnm_linear_mul(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                    const struct bnm_code_part *parts) {
  struct bnm_difference_list list;
  const uint8_t *words = bnm_start_from_row_sums(x, inputs, weights, outputs, acc, &list.mode);
  list.x = x;
  list.x_end = x + inputs;
  list.sign = 0;
  /* A second turn for differences below the mode value: their opposites are subtracted as a whole. */
  for (;;) {
    list.next = x;
    list.below = 0;
    while (list.next != list.x_end) {
      const int32_t sum = bnm_collect_differences(&list);
      add_parts(parts, 0, &list, &list.scale, sum, words, outputs, acc);
    }
    if (list.sign < 0) bnm_negate(acc, outputs);
    if (list.sign < 0 || list.below == 0) return;
    bnm_negate(acc, outputs);
    list.sign = -1;
  }
}
