/* Linear layers for parts with a multiplier. Interface: bnm_linear_mul.h. */
#include "bnm_linear_mul.h"

#define BNM_LOG2_LARGEST_BLOCK 4
#include "bnm_add_parts.h"
#include "bnm_difference_list.h"
#include "bnm_row_sums.h"

/* Not inlined: it is called twice. */
__attribute__((noinline)) static void add_listed(struct bnm_difference_list *list, int32_t sum, const struct bnm_code_part *parts,
                                                 const uint8_t *words, unsigned outputs, int32_t *acc) {
  add_parts(parts, 0, list, &list->scale, sum, words, outputs, acc);
}

void bnm_linear_mul(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                    const struct bnm_code_part *parts) {
  struct bnm_difference_list list;
  const uint8_t *words = bnm_start_from_row_sums(x, inputs, weights, outputs, acc, &list.mode);
  list.x = list.next = x;
  list.x_end = x + inputs;
  list.below = 0;
  while (list.next != list.x_end) {
    const int32_t sum = bnm_collect_differences(&list);
    add_listed(&list, sum, parts, words, outputs, acc);
  }
  if (list.below == 0) return;

  /* Differences below the mode value are added as their opposites and subtracted as a whole. */
  bnm_negate(acc, outputs);
  list.next = x;
  while (list.next != list.x_end) {
    const int32_t sum = bnm_collect_differences_below(&list);
    add_listed(&list, sum, parts, words, outputs, acc);
  }
  bnm_negate(acc, outputs);
}
