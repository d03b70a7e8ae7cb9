/* A chain of convolutions, of all channels or of chosen ones. Interface: bnm_fast.h. */
#ifndef BNM_CONV_CHAIN_RUN_H
#define BNM_CONV_CHAIN_RUN_H

#include "bnm_planes_avr.h"
#include "bnm_relu_then_shift.h"

#define TAPS 9
#define SAMPLE_WIDTH 16
#define FIRST_WIDTH 14
#define SECOND_WIDTH 12
#define POOLED_WIDTH 6
#define LAST_WIDTH 4
#define FIRST_POOLED_WIDTH (FIRST_WIDTH / 2)

struct scratch {
  int16_t map[FIRST_WIDTH * FIRST_WIDTH]; /* of the first convolution, then of the first pooling */
  /* Sums of two rows of the second convolution, or all of the third; then what is pooled of the second. Of a single convolution its maxima. */
  int32_t sums[2 * SECOND_WIDTH + POOLED_WIDTH * POOLED_WIDTH];
  int32_t features[4];
  int8_t taps[3 * TAPS];
  int8_t shifts[];
};

typedef char bnm_chain_scratch_size[sizeof(struct scratch) <= BNM_CONV_CHAIN_AVR_SCRATCH ? 1 : -1];

static void relu_shift(int32_t *values, uint8_t count, uint8_t shift) {
  for (; count != 0; count--, values++) *values = (int32_t)bnm_relu_then_shift(*values, shift);
}

static int32_t *pooled_of(struct scratch *s) { return s->sums + 2 * SECOND_WIDTH; }

/* Maxima of 2x2 of the first map. */
static void pool_map(const int16_t *map, int32_t *to) {
  for (uint8_t rows = FIRST_POOLED_WIDTH; rows != 0; rows--, map += FIRST_WIDTH) {
    for (uint8_t columns = FIRST_POOLED_WIDTH; columns != 0; columns--, map += 2) {
      int16_t maximum = map[0];
      if (map[1] > maximum) maximum = map[1];
      if (map[FIRST_WIDTH] > maximum) maximum = map[FIRST_WIDTH];
      if (map[FIRST_WIDTH + 1] > maximum) maximum = map[FIRST_WIDTH + 1];
      *to++ = maximum;
    }
  }
}

/* The second convolution of the first map, and what is pooled of it. */
static void convolve_map(struct scratch *s, uint8_t shift) {
  int32_t *pooled = pooled_of(s);
  for (uint8_t row = 0; row < SECOND_WIDTH; row = (uint8_t)(row + 2), pooled += POOLED_WIDTH) {
    bnm_sum_wide_windows(s->map + FIRST_WIDTH * row, s->taps + TAPS, 2, SECOND_WIDTH, s->sums);
    bnm_halve_rows(s->sums, SECOND_WIDTH, pooled);
  }
  relu_shift(pooled_of(s), POOLED_WIDTH * POOLED_WIDTH, shift);
}

/* The third convolution of what is pooled: int16 where all of it fits, in the place of the first map and of its width. */
static void convolve_pooled(struct scratch *s, const int8_t *taps) {
  const int32_t *const pooled = pooled_of(s);
  uint16_t high = 0;
  for (uint8_t i = 0; i < POOLED_WIDTH * POOLED_WIDTH; i++) {
    high |= (uint16_t)((uint32_t)pooled[i] >> 16);
    if ((pooled[i] & 0x8000u) != 0) high = 1;
  }
  if (high == 0) {
    const int32_t *from = pooled;
    int16_t *to = s->map;
    for (uint8_t row = POOLED_WIDTH; row != 0; row--, to += FIRST_WIDTH - POOLED_WIDTH) {
      for (uint8_t column = POOLED_WIDTH; column != 0; column--) *to++ = (int16_t)*from++;
    }
    bnm_sum_wide_windows(s->map, taps, LAST_WIDTH, LAST_WIDTH, s->sums);
    return;
  }
  int32_t *y = s->sums;
  for (uint8_t row = 0; row < LAST_WIDTH; row++) {
    for (uint8_t column = 0; column < LAST_WIDTH; column++) {
      const int32_t *x = pooled + POOLED_WIDTH * row + column;
      const int8_t *tap = taps;
      uint32_t sum = 0;
      for (uint8_t i = 3; i != 0; i--, x += POOLED_WIDTH - 3) {
        for (uint8_t j = 3; j != 0; j--) sum += (uint32_t)*x++ * (uint32_t)(int32_t)*tap++;
      }
      *y++ = (int32_t)sum;
    }
  }
}

static inline __attribute__((always_inline)) void run(const bnm_conv_chain *chain, const int8_t *x, const int8_t *chosen, void *scratch,
                                                      int8_t *y) {
  struct scratch *const s = scratch;
  const uint8_t convolutions = chain->convolutions;
  const uint8_t features = (uint8_t)(convolutions == 3   ? 4
                                     : convolutions == 2 ? POOLED_WIDTH * POOLED_WIDTH
                                                         : FIRST_POOLED_WIDTH * FIRST_POOLED_WIDTH);
  const uint8_t weights = (uint8_t)(TAPS * convolutions);
  const uint8_t *at = chain->weights;
  struct bnm_windows windows = {.x = x, .y = s->map, .taps = s->taps, .rows = FIRST_WIDTH, .columns = FIRST_WIDTH};
  windows.width = SAMPLE_WIDTH;
  windows.x_step = 1;
  windows.x_skip = SAMPLE_WIDTH - FIRST_WIDTH;
  windows.y_skip = 0;
  windows.shift = chain->shifts[0];
  for (uint16_t left = chain->channels; left != 0; left--) {
    for (uint8_t i = 0; i < weights; i++) s->taps[i] = (int8_t)bnm_read_u8(at++);
    const uint8_t channel = bnm_read_u8(at++);
    int8_t *const features_of = y + (uint16_t)(channel * features);
    if (chosen != 0 && chosen[channel] == 0) {
      s->shifts[channel] = 0;
      bnm_clear(features_of, features);
      continue;
    }
    bnm_relu_windows3x3(&windows);
    const int32_t *kept = pooled_of(s);
    if (convolutions == 1) {
      pool_map(s->map, s->sums);
      kept = s->sums;
    } else {
      convolve_map(s, chain->shifts[1]);
    }
    if (convolutions == 3) {
      convolve_pooled(s, s->taps + 2 * TAPS);
      bnm_halve_rows(s->sums, LAST_WIDTH, s->features);
      bnm_halve_rows(s->sums + 2 * LAST_WIDTH, LAST_WIDTH, s->features + 2);
      relu_shift(s->features, 4, chain->shifts[2]);
      kept = s->features;
    }
    s->shifts[channel] = (int8_t)bnm_keep_features(kept, features, features_of);
  }
  bnm_normalize_features(y, chain->channels, features, s->shifts);
}

#endif
