/*
 * What the two convolution chains share. Interface of the chains: bnm_fast.h.
 *
 * Everything is done in blocks of 2x2 outputs, which read 4x4 inputs: 16 loads for 36 products, and a block of the second
 * convolution is one window of the pooling behind it. Blocks over nothing but the mode value (the value of the sample's first
 * element) all have the same result: the first of them is computed, the others are filled in. Which blocks these are depends on the
 * sample alone, not on the channel.
 */
#ifndef BNM_CONV_CHAIN_H
#define BNM_CONV_CHAIN_H

#include <stdint.h>

#include "bnm_fast.h"

/* Sides of the maps: the sample, behind the first convolution, pooled behind the second, pooled behind the third. */
#define BNM_CHAIN_X 16
#define BNM_CHAIN_MAP 14
#define BNM_CHAIN_POOLED 6
#define BNM_CHAIN_FEATURES 4
#define BNM_CHAIN_WEIGHTS 9
/* A channel's weights and number. */
#define BNM_CHAIN_CHANNEL_BYTES(CONVOLUTIONS) (BNM_CHAIN_WEIGHTS * (CONVOLUTIONS) + 1u)

#define BNM_CHAIN_BLOCKS 49
#define BNM_CHAIN_WINDOWS 36

/* Where a block reads and writes. */
struct bnm_conv_place {
  uint8_t from, to;
};

/* The blocks of a sample. */
struct bnm_conv_blocks {
  /* Of the first convolution; from: index into x, to: index into the map / 2. Those to compute, row by row, then those that are like one of
   * these. */
  struct bnm_conv_place *block; /* BNM_CHAIN_BLOCKS of them */
  /* Of the second; from: index into the map / 2, to: 4 * index into the pooled map. In the same order. */
  struct bnm_conv_place *window; /* BNM_CHAIN_WINDOWS of them; NULL (0) where there is one convolution */
  const struct bnm_conv_place *computed_blocks, *computed_windows; /* the ends of those to compute */
  uint8_t constant_block, constant_window; /* `to` of the ones that those behind are like, where there are any */
  int8_t min, max; /* of the sample */
};

void bnm_find_conv_blocks(const int8_t *x, struct bnm_conv_blocks *blocks);

/* The blocks of the third convolution; from: index into the pooled map / 2, to: 4 * index into the features.
 * One more than there are, so that their end has an address of its own. */
extern const struct bnm_conv_place bnm_last_conv_blocks[BNM_CHAIN_FEATURES + 1];

/* Fills in the windows that are not computed. */
void bnm_fill_windows(const struct bnm_conv_blocks *blocks, int32_t *pooled);

/* Results of a channel. */
static inline unsigned bnm_chain_features(unsigned convolutions) {
  return convolutions == 3u ? BNM_CHAIN_FEATURES : convolutions == 2u ? BNM_CHAIN_WINDOWS : BNM_CHAIN_BLOCKS;
}

/* Whether a channel runs. */
static inline int bnm_is_chosen(const int8_t *chosen, unsigned channel) { return chosen == 0 || chosen[channel] != 0; }

/* max(value, 0) >> shift */
static inline int32_t bnm_relu_then_shift(int32_t value, unsigned shift) { return value < 0 ? 0 : value >> shift; }

#endif
