/*
 * Linear layer with weights -1, 0, 1: five in a byte, base 3, as in bnm_linear_ternary. Interface: bnm_fast.h.
 * Without a multiplier six inputs at a time, by tables of their sums (bnm_trit_sums.h); where there is one, five outputs at a time over a list
 * of inputs (bnm_five_trits.h), so that their sums stay in registers.
 */
#include "bnm_difference_list.h"
#include "bnm_fast.h"
#include "bnm_five_trits.h"
#include "bnm_hot.h"
#include "bnm_row_inputs.h"
#include "bnm_row_sums.h"
#include "bnm_trit_sums.h"

#define TRITS 5u

/* (outputs + 4) / 5 for all 16-bit counts; parts without a division have no need to link one. */
static unsigned row_bytes_of(unsigned outputs) { return (unsigned)((outputs + 4u) * (uint32_t)52429u >> 18); }

#if defined(__riscv) && !defined(__riscv_mul)

#define INPUTS (BNM_TRIT_TABLES * BNM_TRIT_INPUTS)

/* Pairs of bits that are 3 are no trits: these sums are not set. */
static void fill_sums(struct bnm_trit_sums *trits, unsigned table, const int16_t *difference) {
  const int32_t d = difference[0];
  int32_t by_third = -(d + difference[1] + difference[2]);
  int16_t(*to)[BNM_TRIT_TABLES] = trits->sum;
  for (unsigned third = 0; third < 3u; third++, to += 4, by_third += difference[2]) {
    int32_t sum = by_third;
    for (unsigned second = 0; second < 3u; second++, to += 4, sum += difference[1]) {
      to[0][table] = (int16_t)sum;
      to[1][table] = (int16_t)(sum + d);
      to[2][table] = (int16_t)(sum + 2 * d);
    }
  }
}

/* Takes in the next inputs. */
BNM_WARM(bnm_fill_trits) static void fill_trits(struct bnm_trit_sums *trits, struct bnm_row_inputs *from) {
  int16_t difference[INPUTS];
  bnm_take_inputs(from, INPUTS, difference, trits->row);
  fill_sums(trits, 0, difference);
  fill_sums(trits, 1, difference + BNM_TRIT_INPUTS);
}

/* Fewer outputs than a block has: by way of a whole one. */
BNM_COLD static void add_few(const struct bnm_trit_sums *trits, unsigned column, int32_t *acc, unsigned outputs) {
  int32_t whole[BNM_TRIT_OUTPUTS];
  for (unsigned k = 0; k < BNM_TRIT_OUTPUTS; k++) whole[k] = 0;
  bnm_trit_blocks(trits, column, whole, 1);
  for (unsigned k = 0; k < outputs; k++) acc[k] += whole[k];
}

void bnm_linear_ternary_nomul(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  struct bnm_trit_sums trits;
  struct bnm_row_inputs from = {.next = x, .end = x + inputs, .row_bytes = row_bytes_of(outputs)};
  from.row = bnm_start_from_row_sums(x, inputs, weights, outputs, acc, &from.mode);
  const unsigned blocks = outputs == TRITS * from.row_bytes ? from.row_bytes : from.row_bytes - 1u;
  const unsigned rest = outputs - TRITS * blocks;
  while (from.next != from.end) {
    fill_trits(&trits, &from);
    if (blocks != 0) bnm_trit_blocks(&trits, 0, acc, blocks);
    if (rest != 0) add_few(&trits, blocks, acc + TRITS * blocks, rest);
  }
}

#else

/* Trits are weights + 1. */
BNM_HOT(bnm_add_listed_ternary)
static void add_listed(struct bnm_difference_list *list, int32_t sum, const uint8_t *rows, unsigned outputs, int32_t *acc) {
  if (sum == 0) return;
  const unsigned row_bytes = row_bytes_of(outputs);
  for (struct bnm_difference *item = list->item; item != list->last; item++) item->offset = (uint16_t)((item->offset >> 2) * row_bytes);
  for (unsigned left = outputs; left != 0; rows++) {
    uint32_t prefix[TRITS], before = 0;
    bnm_five_trits(list->item, list->last, rows, prefix);
    for (unsigned k = 0; k < TRITS && left != 0; k++, left--) {
      *acc++ += (int32_t)(prefix[k] - 3u * before) - sum;
      before = prefix[k];
    }
  }
}

void bnm_linear_ternary_nomul(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  struct bnm_difference_list list;
  const uint8_t *const rows = bnm_start_from_row_sums(x, inputs, weights, outputs, acc, &list.mode);
  list.x = x;
  list.x_end = x + inputs;
  list.sign = 0;
  /* A second turn for differences below the mode value: their opposites are subtracted as a whole. */
  for (;;) {
    list.next = x;
    list.below = 0;
    while (list.next != list.x_end) {
      const int32_t sum = bnm_collect_differences(&list);
      add_listed(&list, sum, rows, outputs, acc);
    }
    if (list.sign < 0) bnm_negate(acc, outputs);
    if (list.sign < 0 || list.below == 0) return;
    bnm_negate(acc, outputs);
    list.sign = -1;
  }
}

#endif
