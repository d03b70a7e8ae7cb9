/* The first convolution of the chain, of one channel at a time, for the DSP extension. Interface: bnm_conv_chain_mul.h. */
#include "bnm_conv_chain_mul.h"
#include "bnm_dsp_blocks.h"

#if defined(BNM_DSP)

/* Two results as a pair; they are 0 to 2^15 - 1. */
static inline uint32_t results(int32_t left, int32_t right, unsigned shift) {
  return bnm_lower_halves((uint32_t)bnm_dsp_relu_then_shift(left, shift), (uint32_t)bnm_dsp_relu_then_shift(right, shift));
}

BNM_HOT(bnm_first_conv_blocks)
void bnm_first_conv_blocks(const struct bnm_first_conv *conv) {
  const struct bnm_byte_taps taps = BNM_BYTE_TAPS(conv->weight);
  const unsigned shift = conv->shift;
  const int8_t *const x = conv->x;
  bnm_pair_word *const map = (bnm_pair_word *)(void *)conv->map;
  for (const struct bnm_conv_place *place = conv->block, *const end = conv->end; place != end; place++) {
    const struct bnm_block_sums sums = bnm_byte_block(x + place->from, BNM_CHAIN_X, taps);
    bnm_pair_word *const to = map + place->to;
    to[0] = results(sums.a, sums.b, shift);
    to[BNM_CHAIN_MAP / 2] = results(sums.c, sums.d, shift);
  }
}

#endif
