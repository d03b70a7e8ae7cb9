/* Linear layers with 4-bit codes, for parts without a multiplier. Interface: bnm_fast.h; idea: bnm_bit_planes.h. */
#include "bnm_bit_planes.h"
#include "bnm_fast.h"
#include "bnm_row_sums.h"

#define BLOCK 8u

/* Adds the share of the listed inputs to all outputs. */
static void add_listed(struct bnm_bit_planes *planes, const uint8_t *words, unsigned outputs, int32_t *acc, unsigned zero_shift) {
  const int32_t sum = bnm_planes4_enter(planes);
  if (sum == 0) return;
  planes->offset = (planes->shift != 0 ? sum : 0) - (sum << zero_shift);
  const unsigned blocks = outputs / BLOCK, rest = outputs % BLOCK;
  if (blocks != 0) bnm_planes4_blocks(planes, words, acc, blocks);
  if (rest == 0) return;
  int32_t last[BLOCK];
  for (unsigned k = 0; k < BLOCK; k++) last[k] = 0;
  bnm_planes4_blocks(planes, words + 4u * blocks * (unsigned)(planes->x_end - planes->x), last, 1);
  acc += blocks * BLOCK;
  for (unsigned k = 0; k < rest; k++) acc[k] += last[k];
}

/* Weights of (code << shift) + shift - 2^zero_shift: 2 * code - 15 or code - 8. */
static void linear(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc, unsigned shift,
                   unsigned zero_shift) {
  struct bnm_bit_planes planes;
  const uint8_t *words = bnm_start_from_row_sums(x, inputs, weights, outputs, acc, &planes.background);
  planes.shift = shift;
  planes.x = planes.next = x;
  planes.x_end = x + inputs;
  planes.below = 0;
  while (planes.next != planes.x_end) {
    bnm_collect_bit_planes(&planes);
    add_listed(&planes, words, outputs, acc, zero_shift);
  }
  if (planes.below == 0) return;

  /* Differences below the background are added as their opposites and subtracted as a whole. */
  bnm_negate(acc, outputs);
  planes.next = x;
  while (planes.next != planes.x_end) {
    bnm_collect_bit_planes_below(&planes);
    add_listed(&planes, words, outputs, acc, zero_shift);
  }
  bnm_negate(acc, outputs);
}

void bnm_linear_4bitsym_planes(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  linear(x, inputs, weights, outputs, acc, 1, 4);
}

void bnm_linear_4bit_planes(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  linear(x, inputs, weights, outputs, acc, 0, 3);
}
