/* Blocks of a convolution in C: their four sums, and their pooled results. */
#ifndef BNM_POOLED_CONV_H
#define BNM_POOLED_CONV_H

#include "bnm_conv_chain.h"

static inline int32_t bnm_max(int32_t a, int32_t b) { return a > b ? a : b; }

/* ELEMENT: type; STEP, ROW: elements from one to the next in a row, and from row to row. */
#define BNM_BLOCK_SUMS(NAME, ELEMENT, STEP, ROW)                                                                       \
  static inline void NAME(const int8_t *weights, const ELEMENT *row, int32_t *sum) {                                   \
    int32_t a = 0, b = 0, c = 0, d = 0;                                                                                \
    for (unsigned r = 0; r < 3; r++, weights += 3, row += (ROW)) {                                                     \
      const int32_t w0 = weights[0], w1 = weights[1], w2 = weights[2];                                                 \
      const ELEMENT *below = row + (ROW);                                                                              \
      a += w0 * row[0] + w1 * row[STEP] + w2 * row[2 * (STEP)];                                                        \
      b += w0 * row[STEP] + w1 * row[2 * (STEP)] + w2 * row[3 * (STEP)];                                               \
      c += w0 * below[0] + w1 * below[STEP] + w2 * below[2 * (STEP)];                                                  \
      d += w0 * below[STEP] + w1 * below[2 * (STEP)] + w2 * below[3 * (STEP)];                                         \
    }                                                                                                                  \
    sum[0] = a;                                                                                                        \
    sum[1] = b;                                                                                                        \
    sum[2] = c;                                                                                                        \
    sum[3] = d;                                                                                                        \
  }

/* As bnm_pooled_conv_blocks of bnm_conv_chain_mul.h; SUMS: a BNM_BLOCK_SUMS function. */
#define BNM_POOLED_CONV_BLOCKS(NAME, SUMS, ELEMENT, STEP)                                                              \
  void NAME(const int8_t *weights, const void *map, const struct bnm_conv_place *places,                               \
            const struct bnm_conv_place *end, unsigned shift, int32_t *out) {                                          \
    for (; places != end; places++) {                                                                                  \
      int32_t sum[4];                                                                                                  \
      SUMS(weights, (const ELEMENT *)map + 2 * (STEP) * (unsigned)places->from, sum);                                  \
      out[places->to / 4] = bnm_relu_then_shift(bnm_max(bnm_max(sum[0], sum[1]), bnm_max(sum[2], sum[3])), shift);     \
    }                                                                                                                  \
  }

#endif
