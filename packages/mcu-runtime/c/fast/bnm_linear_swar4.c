/* Linear layers with 4-bit codes, for parts with a multiplier. Interface: bnm_fast.h; idea: bnm_difference_list.h. */
#include "bnm_difference_list.h"
#include "bnm_fast.h"
#include "bnm_row_sums.h"

#define BLOCK 8u

/* Adds the share of the listed inputs to all outputs. */
static void add_listed(const struct bnm_difference_list *list, const uint8_t *words, unsigned outputs, int32_t *acc) {
  const unsigned blocks = outputs / BLOCK, rest = outputs % BLOCK;
  if (list->last == list->item) return;
  if (blocks != 0) bnm_swar4_blocks(list, words, acc, blocks);
  if (rest == 0) return;
  int32_t last[BLOCK];
  for (unsigned k = 0; k < BLOCK; k++) last[k] = 0;
  bnm_swar4_blocks(list, words + 4u * blocks * (unsigned)(list->x_end - list->x), last, 1);
  acc += blocks * BLOCK;
  for (unsigned k = 0; k < rest; k++) acc[k] += last[k];
}

/* Weights of (code << shift) + zero. */
static void linear(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc, unsigned shift,
                   int zero) {
  struct bnm_difference_list list;
  const uint8_t *words = bnm_start_from_row_sums(x, inputs, weights, outputs, acc, &list.background);
  list.shift = shift;
  list.x = list.next = x;
  list.x_end = x + inputs;
  list.below = 0;
  while (list.next != list.x_end) {
    list.offset = bnm_collect_differences(&list) * zero;
    add_listed(&list, words, outputs, acc);
  }
  if (list.below == 0) return;

  /* Differences below the background are added as their opposites and subtracted as a whole. */
  bnm_negate(acc, outputs);
  list.next = x;
  while (list.next != list.x_end) {
    list.offset = bnm_collect_differences_below(&list) * zero;
    add_listed(&list, words, outputs, acc);
  }
  bnm_negate(acc, outputs);
}

void bnm_linear_4bitsym_swar(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  linear(x, inputs, weights, outputs, acc, 1, -15);
}

void bnm_linear_4bit_swar(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  linear(x, inputs, weights, outputs, acc, 0, -8);
}
