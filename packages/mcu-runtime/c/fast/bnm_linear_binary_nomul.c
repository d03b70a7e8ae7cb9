/* Linear layer without a multiplier, weights -1, 1: 2 * code - 1. Interface: bnm_fast.h; idea: bnm_subset_sums.h. */
#include "bnm_fast.h"
#include "bnm_hot.h"
#include "bnm_row_inputs.h"
#include "bnm_row_sums.h"
#include "bnm_subset_sums.h"

#define INPUTS (2u * BNM_SUBSET_INPUTS)

/* Each input doubles the sums that there are: those with it are 2 d above those without. */
BNM_WARM(bnm_fill_subset_sums) static void fill_sums(int32_t *sum, const int16_t *difference) {
  sum[0] = -(difference[0] + difference[1] + difference[2] + difference[3]);
  int32_t *end = sum + 1;
  for (unsigned j = 0; j < BNM_SUBSET_INPUTS; j++) {
    const int32_t twice = 2 * difference[j];
    int32_t *const with = end;
    for (const int32_t *without = sum; without != with; without++) *end++ = *without + twice;
  }
}

/* Takes in the next inputs. */
BNM_WARM(bnm_fill_subsets) static void fill_subsets(struct bnm_subset_sums *subsets, struct bnm_row_inputs *from) {
  int16_t difference[INPUTS];
  bnm_take_inputs(from, INPUTS, difference, subsets->row);
  fill_sums(subsets->sum[0], difference);
  fill_sums(subsets->sum[1], difference + BNM_SUBSET_INPUTS);
}

/* Fewer outputs than a block has: by way of a whole one. */
BNM_COLD static void add_few(const struct bnm_subset_sums *subsets, unsigned column, int32_t *acc, unsigned outputs) {
  int32_t whole[BNM_SUBSET_OUTPUTS];
  for (unsigned k = 0; k < BNM_SUBSET_OUTPUTS; k++) whole[k] = 0;
  bnm_subset_blocks(subsets, column, whole, 1);
  for (unsigned k = 0; k < outputs; k++) acc[k] += whole[k];
}

void bnm_linear_binary_nomul(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  struct bnm_subset_sums subsets;
  const unsigned blocks = outputs / BNM_SUBSET_OUTPUTS, rest = outputs % BNM_SUBSET_OUTPUTS;
  struct bnm_row_inputs from = {.next = x, .end = x + inputs, .row_bytes = 2u * (blocks + (rest != 0))};
  from.row = bnm_start_from_row_sums(x, inputs, weights, outputs, acc, &from.mode);
  while (from.next != from.end) {
    fill_subsets(&subsets, &from);
    if (blocks != 0) bnm_subset_blocks(&subsets, 0, acc, blocks);
    if (rest != 0) add_few(&subsets, 2u * blocks, acc + BNM_SUBSET_OUTPUTS * blocks, rest);
  }
}
