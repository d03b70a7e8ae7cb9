/* The third convolution of the chain for cores with MLA, row by row of its elements. Interface: bnm_conv_chain_mul.h. */
#include "bnm_conv_chain_mul.h"
#include "bnm_hot.h"
#include "bnm_pooled_conv.h"

#if defined(BNM_DSP)

/* Adds a row of the kernel to the outputs on the left and on the right. */
static inline void add_row(const int8_t *weights, const int32_t *row, int32_t *left, int32_t *right) {
  const int32_t w0 = weights[0], w1 = weights[1], w2 = weights[2];
  *left += w0 * row[0];
  *left += w1 * row[1];
  *left += w2 * row[2];
  *right += w0 * row[1];
  *right += w1 * row[2];
  *right += w2 * row[3];
}

BNM_HOT(bnm_pooled_conv_blocks_i32)
void bnm_pooled_conv_blocks_i32(const int8_t *weights, const void *map, const struct bnm_conv_place *places,
                                const struct bnm_conv_place *end, unsigned shift, int32_t *out) {
  for (; places != end; places++) {
    const int32_t *const row = (const int32_t *)map + 2u * places->from;
    int32_t a = 0, b = 0, c = 0, d = 0;
    add_row(weights, row, &a, &b);
    add_row(weights, row + BNM_CHAIN_POOLED, &c, &d);
    add_row(weights + 3, row + BNM_CHAIN_POOLED, &a, &b);
    add_row(weights + 3, row + 2 * BNM_CHAIN_POOLED, &c, &d);
    add_row(weights + 6, row + 2 * BNM_CHAIN_POOLED, &a, &b);
    add_row(weights + 6, row + 3 * BNM_CHAIN_POOLED, &c, &d);
    out[places->to / 4] = bnm_relu_then_shift(bnm_max(bnm_max(a, b), bnm_max(c, d)), shift);
  }
}

#endif
