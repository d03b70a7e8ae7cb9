/* The convolution chain for parts without a multiplier, of all channels or of chosen ones. Interface: bnm_fast.h; idea: bnm_conv_chain_nomul.h, bnm_conv_chain.h. */
#ifndef BNM_CONV_CHAIN_NOMUL_RUN_H
#define BNM_CONV_CHAIN_NOMUL_RUN_H

#include "bnm_conv_chain_nomul.h"

#include "bnm_assert_layout.h"
#include "bnm_hot.h"
#include "bnm_pooled_conv.h"

/*
 * Blocks and windows are here, not on the stack: other layers want more of the scratch, and none wants as much stack. Where there is more than one
 * convolution, BNM_CHAIN_WINDOWS windows come before.
 */
struct scratch {
  int16_t map[BNM_CHAIN_MAP * BNM_CHAIN_MAP];
  struct bnm_conv_place blocks[BNM_CHAIN_BLOCKS + 1]; /* one more, so that whole words follow */
  int8_t shifts[]; /* one a channel, then the code */
};
BNM_ASSERT_EQUAL(scratch_bytes, sizeof(struct scratch), BNM_CONV_CHAIN_NOMUL_SCRATCH);
BNM_ASSERT_EQUAL(windows_bytes, BNM_CHAIN_WINDOWS * sizeof(struct bnm_conv_place), BNM_CONV_CHAIN_NOMUL_WINDOWS);

static uint16_t *code_of(const bnm_conv_chain *chain, struct scratch *s) {
  return (uint16_t *)(void *)(s->shifts + ((chain->channels + 3u) & ~3u));
}

#if defined(BNM_RUN_TIME_CODE)

BNM_ASSERT_OFFSET(code, bnm_coded_conv, code, BNM_CODED_CONV_CODE);
BNM_ASSERT_OFFSET(from, bnm_coded_conv, from, BNM_CODED_CONV_FROM);
BNM_ASSERT_OFFSET(place, bnm_coded_conv, place, BNM_CODED_CONV_PLACE);
BNM_ASSERT_OFFSET(end, bnm_coded_conv, end, BNM_CODED_CONV_END);
BNM_ASSERT_OFFSET(to, bnm_coded_conv, to, BNM_CODED_CONV_TO);
BNM_ASSERT_OFFSET(shift, bnm_coded_conv, shift, BNM_CODED_CONV_SHIFT);
BNM_ASSERT_OFFSET(from_shift, bnm_coded_conv, from_shift, BNM_CODED_CONV_FROM_SHIFT);
BNM_ASSERT_OFFSET(row_bytes, bnm_coded_conv, row_bytes, BNM_CODED_CONV_ROW_BYTES);
BNM_ASSERT_EQUAL(conv_bytes, sizeof(struct bnm_coded_conv), BNM_CODED_CONV_BYTES);

BNM_COLD static void convolve(const int8_t *weights, enum bnm_coded_conv_load load, const struct bnm_coded_conv *conv) {
  bnm_write_conv_code(weights, load, conv->row_bytes, conv->code);
  if (load == BNM_CODED_CONV_I8) {
    bnm_conv_code_blocks(conv);
  } else {
    bnm_pooled_conv_code_blocks(conv);
  }
}

#else

BNM_BLOCK_SUMS(sums_i8, int8_t, 1, BNM_CHAIN_X)
BNM_BLOCK_SUMS(sums_i16, int16_t, 1, BNM_CHAIN_MAP)
BNM_BLOCK_SUMS(sums_i32, int32_t, 1, BNM_CHAIN_POOLED)
static BNM_POOLED_CONV_BLOCKS(pooled_i16, sums_i16, int16_t, 1)
static BNM_POOLED_CONV_BLOCKS(pooled_i32, sums_i32, int32_t, 1)

/* With multiplications, which a part without a multiplier does in software. */
BNM_HOT(bnm_convolve_nomul)
static void convolve(const int8_t *weights, enum bnm_coded_conv_load load, const struct bnm_coded_conv *conv) {
  if (load == BNM_CODED_CONV_I16) pooled_i16(weights, conv->from, conv->place, conv->end, conv->shift, conv->to);
  if (load == BNM_CODED_CONV_I32) pooled_i32(weights, conv->from, conv->place, conv->end, conv->shift, conv->to);
  if (load != BNM_CODED_CONV_I8) return;
  for (const struct bnm_conv_place *place = conv->place; place != conv->end; place++) {
    int32_t sum[4];
    sums_i8(weights, (const int8_t *)conv->from + place->from, sum);
    int16_t *map = (int16_t *)conv->to + 2u * place->to;
    for (unsigned i = 0; i < 4; i++) map[(i & 2u) * (BNM_CHAIN_MAP / 2) + (i & 1u)] = (int16_t)bnm_relu_then_shift(sum[i], conv->shift);
  }
}

#endif

BNM_COLD static void fill_blocks(const struct bnm_conv_blocks *blocks, struct scratch *s) {
  for (const struct bnm_conv_place *place = blocks->computed_blocks; place != s->blocks + BNM_CHAIN_BLOCKS; place++) {
    const int16_t constant = s->map[2u * blocks->constant_block];
    int16_t *to = s->map + 2u * place->to;
    to[0] = to[1] = constant;
    to[BNM_CHAIN_MAP] = to[BNM_CHAIN_MAP + 1] = constant;
  }
}

/* What follows the first convolution of a channel; returns the shift of bnm_keep_features. */
BNM_COLD static int8_t convolve_map(const bnm_conv_chain *chain, const struct bnm_conv_blocks *blocks, const int8_t *weights, struct scratch *s,
                                    int8_t *y) {
  /* Pooled results in place of the first ones of the map, which no later window reads: windows are in the order of their rows. */
  int32_t *const pooled = (int32_t *)(void *)s->map;
  if (chain->convolutions == 1) {
    chain->pool_map(s->map, 1, pooled);
  } else {
    const struct bnm_coded_conv second = {code_of(chain, s), s->map, blocks->window, blocks->computed_windows, pooled, chain->shifts[1], 2,
                                           BNM_MAP_ROW_BYTES};
    convolve(weights + BNM_CHAIN_WEIGHTS, BNM_CODED_CONV_I16, &second);
    bnm_fill_windows(blocks, pooled);
  }
  if (chain->convolutions != 3) return (int8_t)bnm_keep_features(pooled, (uint16_t)bnm_chain_features(chain->convolutions), y);
  int32_t feature[BNM_CHAIN_FEATURES];
  const struct bnm_coded_conv third = {code_of(chain, s), pooled, bnm_last_conv_blocks, bnm_last_conv_blocks + BNM_CHAIN_FEATURES,
                                       feature, chain->shifts[2], 3, 4 * BNM_CHAIN_POOLED};
  convolve(weights + 2 * BNM_CHAIN_WEIGHTS, BNM_CODED_CONV_I32, &third);
  return (int8_t)bnm_keep_features(feature, BNM_CHAIN_FEATURES, y);
}

static inline __attribute__((always_inline)) void run(const bnm_conv_chain *chain, const int8_t *x, const int8_t *chosen, void *scratch, int8_t *y) {
  struct bnm_conv_place *windows = scratch;
  struct scratch *s = scratch;
  if (chain->convolutions == 1) windows = 0;
  else s = (struct scratch *)(void *)(windows + BNM_CHAIN_WINDOWS);
  struct bnm_conv_blocks blocks;
  blocks.window = windows;
  blocks.block = s->blocks;
  bnm_find_conv_blocks(x, &blocks);
  const int8_t *weights = (const int8_t *)chain->weights;
  const unsigned channel_bytes = BNM_CHAIN_CHANNEL_BYTES(chain->convolutions);
  const uint16_t features = (uint16_t)bnm_chain_features(chain->convolutions);
  for (unsigned channel = 0; channel < chain->channels; channel++, weights += channel_bytes) {
    const unsigned output = (uint8_t)weights[channel_bytes - 1u];
    int8_t *const kept = y + features * output;
    if (!bnm_is_chosen(chosen, output)) {
      s->shifts[output] = 0;
      bnm_clear(kept, features);
      continue;
    }
    /* A block of its own, so that later descriptions share its place on the stack. */
    {
      const struct bnm_coded_conv first = {code_of(chain, s), x, blocks.block, blocks.computed_blocks, s->map, chain->shifts[0], 0, BNM_CHAIN_X};
      convolve(weights, BNM_CODED_CONV_I8, &first);
    }
    fill_blocks(&blocks, s);
    s->shifts[output] = convolve_map(chain, &blocks, weights, s, kept);
  }
  bnm_normalize_features(y, chain->channels, features, s->shifts);
}

#endif
