/* The convolution chain for parts with a multiplier, of all channels or of chosen ones. Interface: bnm_fast.h; idea: bnm_conv_chain_mul.h, bnm_conv_chain.h. */
#ifndef BNM_CONV_CHAIN_MUL_RUN_H
#define BNM_CONV_CHAIN_MUL_RUN_H

#include "bnm_conv_chain_mul.h"

#include "bnm_assert_layout.h"
#include "bnm_hot.h"
#if defined(BNM_DSP)
#include "bnm_dsp.h"
#endif

#if defined(BNM_RV32E) || defined(BNM_THUMB)
BNM_ASSERT_OFFSET(x, bnm_first_conv, x, BNM_FIRST_X);
BNM_ASSERT_OFFSET(map, bnm_first_conv, map, BNM_FIRST_MAP);
BNM_ASSERT_OFFSET(block, bnm_first_conv, block, BNM_FIRST_BLOCK);
BNM_ASSERT_OFFSET(end, bnm_first_conv, end, BNM_FIRST_END);
BNM_ASSERT_OFFSET(shift, bnm_first_conv, shift, BNM_FIRST_SHIFT);
BNM_ASSERT_OFFSET(mask, bnm_first_conv, mask, BNM_FIRST_MASK);
BNM_ASSERT_OFFSET(offset, bnm_first_conv, offset, BNM_FIRST_OFFSET);
BNM_ASSERT_OFFSET(base, bnm_first_conv, base, BNM_FIRST_BASE);
BNM_ASSERT_EQUAL(first_bytes, sizeof(struct bnm_first_conv), BNM_FIRST_BYTES);
#endif

struct scratch {
  int16_t map[BNM_CHAIN_MAP * BNM_CHAIN_MAP * 2];
  int8_t shifts[];
};
BNM_ASSERT_EQUAL(scratch_bytes, sizeof(struct scratch), BNM_CONV_CHAIN_MUL_SCRATCH);
/* The features lie behind the pooled map, in the room of a map of all blocks: see run. */
BNM_ASSERT_EQUAL(features_fit, BNM_CHAIN_WINDOWS + BNM_CHAIN_FEATURES <= BNM_CHAIN_BLOCKS, 1);

#if !defined(BNM_DSP)

/*
 * Weights of one channel; what was in the low halves of the words comes into the high ones. And the least sum that the first convolution
 * can give for the sample, after its shift. Returns nonzero where a half of a word holds all its sums, counted from there, and an int16 its
 * results before ReLU.
 */
BNM_COLD BNM_CHAIN_WARM(bnm_prepare)
static int prepare(const int8_t *weights, const struct bnm_conv_blocks *blocks, unsigned shift, int32_t *words, int32_t *base) {
  int32_t sum = 0, negative = 0;
  const int8_t *const end = weights + BNM_CHAIN_WEIGHTS;
  do {
    const int32_t weight = *weights++;
    *words = (int32_t)(((uint32_t)*words << 16) + (uint32_t)weight);
    words++;
    sum += weight;
    if (weight < 0) negative += weight;
  } while (weights != end);
  const int32_t below = negative * (blocks->max - blocks->min);
  const int32_t least = sum * blocks->min + below;
  const int32_t most = sum * blocks->max - below;
  *base = least >> shift;
  return most - *base * (1 << shift) <= 0xFFFF && *base >= -0x8000 && most >> shift <= 0x7FFF;
}

#endif

/*
 * On Armv6-M elements are differences from the least one of the sample: bytes without a sign, which load in fewer cycles, and background is 0,
 * which is skipped. Elsewhere they are the sample's own.
 */
#if defined(BNM_THUMB)
#define ELEMENTS (BNM_CHAIN_X * BNM_CHAIN_X)
#else
#define ELEMENTS 0u
#endif

static const int8_t *elements_of(const int8_t *x, int32_t least, int8_t *differences) {
  if (ELEMENTS == 0) return x;
  for (unsigned i = 0; i != ELEMENTS; i++) differences[i] = (int8_t)(uint8_t)(x[i] - least);
  return differences;
}

#if !defined(BNM_DSP)

/* What the least element adds to each sum, of two channels in its halves. */
static uint32_t share_of_least(const int32_t *weights, int32_t least) {
  uint32_t sum = 0;
  if (ELEMENTS == 0) return sum;
  for (const int32_t *const end = weights + BNM_CHAIN_WEIGHTS; weights != end; weights++) sum += (uint32_t)*weights;
  return sum * (uint32_t)least;
}

/* The first convolution of the channel whose weights are in the low halves. */
BNM_COLD static void one_channel(struct bnm_first_conv *conv, const struct bnm_conv_blocks *blocks) {
  for (int32_t *word = conv->weight; word != conv->weight + BNM_CHAIN_WEIGHTS; word++) *word = (int16_t)(*word & 0xFFFF);
  if (ELEMENTS != 0) conv->offset = share_of_least(conv->weight, blocks->min);
  bnm_first_conv_blocks(conv);
}

/* Blocks over nothing but the mode value. */
BNM_CHAIN_WARM(bnm_fill_blocks)
static void fill_blocks(const struct bnm_conv_blocks *blocks, uint32_t *pairs) {
  const struct bnm_conv_place *place = blocks->computed_blocks, *const end = blocks->block + BNM_CHAIN_BLOCKS;
  if (place == end) return;
  const uint32_t first = pairs[2u * blocks->constant_block], constant = first & ~BNM_ZERO_MARKS;
  do {
    uint32_t *const pair = pairs + 2u * place->to;
    pair[0] = first;
    pair[1] = constant;
    pair[BNM_CHAIN_MAP] = constant;
    pair[BNM_CHAIN_MAP + 1] = constant;
  } while (++place != end);
}

/* The first convolution of two channels. */
BNM_COLD static void first_convolution(const int8_t *low, const int8_t *high, struct bnm_first_conv *conv,
                                       const struct bnm_conv_blocks *blocks) {
  int32_t low_base, high_base;
  const unsigned shift = conv->shift;
  const int high_fits = prepare(high, blocks, shift, conv->weight, &high_base);
  if (prepare(low, blocks, shift, conv->weight, &low_base) && high_fits) {
    conv->mask = (0xFFFFu >> shift) * 0x10001u;
    const uint32_t bases = (uint32_t)low_base + ((uint32_t)high_base << 16);
    conv->offset = share_of_least(conv->weight, blocks->min) - (bases << shift);
    conv->base = bases + 0x80008000u;
    bnm_first_conv_blocks(conv);
  } else {
    conv->mask = 0;
    one_channel(conv, blocks);
    (void)prepare(high, blocks, shift, conv->weight, &high_base);
    conv->map++;
    one_channel(conv, blocks);
    conv->map--;
  }
  fill_blocks(blocks, (uint32_t *)(void *)conv->map);
}

#else

/* The first convolution of a channel, into a map of its own. */
static void first_convolution(const int8_t *weights, struct bnm_first_conv *conv, const struct bnm_conv_blocks *blocks) {
  for (unsigned k = 0; k < BNM_CHAIN_WEIGHTS; k++) conv->weight[k] = weights[k];
  bnm_first_conv_blocks(conv);
  bnm_pair_word *const pairs = (bnm_pair_word *)(void *)conv->map;
  const struct bnm_conv_place *place = blocks->computed_blocks, *const end = blocks->block + BNM_CHAIN_BLOCKS;
  if (place == end) return;
  const uint32_t constant = pairs[blocks->constant_block];
  do pairs[place->to] = pairs[place->to + BNM_CHAIN_MAP / 2u] = constant;
  while (++place != end);
}

#endif

/* From one element of a channel's map to the next, and where its map begins. */
#if defined(BNM_DSP)
#define MAP_STEP 1u
#define MAP_OF(MAPS, CHANNEL) (MAPS)
#else
#define MAP_STEP 2u
#define MAP_OF(MAPS, CHANNEL) ((MAPS) + (CHANNEL) % 2)
#endif

static inline __attribute__((always_inline)) void run(const bnm_conv_chain *chain, const int8_t *x, const int8_t *chosen, void *scratch,
                                                      int8_t *y) {
  struct scratch *const s = scratch;
  struct bnm_conv_place places[BNM_CHAIN_BLOCKS], windows[BNM_CHAIN_WINDOWS];
  struct bnm_conv_blocks blocks;
  blocks.block = places;
  blocks.window = windows;
  bnm_find_conv_blocks(x, &blocks);
  struct bnm_first_conv conv = {.weight = {0}};
  int8_t differences[ELEMENTS + 1u];
  conv.x = elements_of(x, blocks.min, differences);
  conv.map = s->map;
  conv.block = blocks.block;
  conv.end = blocks.computed_blocks;
  conv.shift = chain->shifts[0];
  const int8_t *weights = (const int8_t *)chain->weights;
  const unsigned channel_bytes = BNM_CHAIN_CHANNEL_BYTES(chain->convolutions);
  const uint16_t features = (uint16_t)bnm_chain_features(chain->convolutions);
  for (unsigned channel = 0; channel < chain->channels; channel++, weights += channel_bytes) {
    const unsigned output = (uint8_t)weights[channel_bytes - 1u];
#if !defined(BNM_DSP)
    if (channel % 2 == 0) {
      const int8_t *const other = channel + 1 == chain->channels ? weights : weights + channel_bytes;
      if (bnm_is_chosen(chosen, output) || bnm_is_chosen(chosen, (uint8_t)other[channel_bytes - 1u]))
        first_convolution(weights, other, &conv, &blocks);
    }
#endif
    int8_t *const kept = y + features * output;
    if (!bnm_is_chosen(chosen, output)) {
      s->shifts[output] = 0;
      bnm_clear(kept, features);
      continue;
    }
#if defined(BNM_DSP)
    first_convolution(weights, &conv, &blocks);
#endif
    /* Of three convolutions the features lie behind the pooled map. */
    int32_t pooled[BNM_CHAIN_BLOCKS], *const feature = chain->convolutions == 3 ? pooled + BNM_CHAIN_WINDOWS : pooled;
    if (chain->convolutions == 1) {
      chain->pool_map(MAP_OF(s->map, channel), MAP_STEP, pooled);
    } else {
      bnm_pooled_conv_blocks_i16(weights + BNM_CHAIN_WEIGHTS, MAP_OF(s->map, channel), blocks.window, blocks.computed_windows,
                                 chain->shifts[1], pooled);
      bnm_fill_windows(&blocks, pooled);
    }
    if (chain->convolutions == 3)
      bnm_pooled_conv_blocks_i32(weights + 2 * BNM_CHAIN_WEIGHTS, pooled, bnm_last_conv_blocks,
                               bnm_last_conv_blocks + BNM_CHAIN_FEATURES, chain->shifts[2], feature);
    s->shifts[output] = (int8_t)bnm_keep_features(feature, features, kept);
  }
  bnm_normalize_features(y, chain->channels, features, s->shifts);
}

#endif
