/*
 * A 3x3 kernel over 4x4 elements: four sums by pairs of products. Of int8 a word has the elements of a row; SXTB16 makes pairs of those that
 * are two apart, so that a row of the kernel is a pair of its outer weights and the middle one. Of int16 pairs are neighbours.
 * 24 instructions for 36 products, and 12 (int8) or 8 (int16) for the elements; weights stay in registers from block to block.
 */
#ifndef BNM_DSP_BLOCKS_H
#define BNM_DSP_BLOCKS_H

#include "bnm_dsp.h"

#if defined(BNM_DSP)

/* Sums of the outputs of a block: above left and right, below left and right. */
struct bnm_block_sums {
  int32_t a, b, c, d;
};

/* Weights 0 and 2 of each row; the middle ones of rows 0 and 1, and of row 2. */
struct bnm_byte_taps {
  uint32_t outer0, outer1, outer2, middle01, middle2;
};

/* w: 9 weights of int16. */
#define BNM_BYTE_TAPS(W)                                                             \
  {                                                                                  \
    bnm_lower_halves((uint32_t)(W)[0], (uint32_t)(W)[2]),                             \
    bnm_lower_halves((uint32_t)(W)[3], (uint32_t)(W)[5]),                             \
    bnm_lower_halves((uint32_t)(W)[6], (uint32_t)(W)[8]),                             \
    bnm_lower_halves((uint32_t)(W)[1], (uint32_t)(W)[4]), (uint32_t)(W)[7],           \
  }

/* x: the first of 4x4 elements, `width` from row to row, at any address. */
static inline __attribute__((always_inline)) struct bnm_block_sums bnm_byte_block(const int8_t *x, unsigned width,
                                                                                  struct bnm_byte_taps taps) {
  struct bnm_block_sums sums;
  uint32_t word = bnm_load_word(x);
  uint32_t even = bnm_even_bytes(word), odd = bnm_odd_bytes(word);
  sums.a = bnm_smuad(even, taps.outer0);
  sums.b = bnm_smuad(odd, taps.outer0);
  sums.a = bnm_smlabb(odd, taps.middle01, sums.a);
  sums.b = bnm_smlatb(even, taps.middle01, sums.b);
  x += width;
  word = bnm_load_word(x);
  even = bnm_even_bytes(word);
  odd = bnm_odd_bytes(word);
  sums.a = bnm_smlad(even, taps.outer1, sums.a);
  sums.b = bnm_smlad(odd, taps.outer1, sums.b);
  sums.a = bnm_smlabt(odd, taps.middle01, sums.a);
  sums.b = bnm_smlatt(even, taps.middle01, sums.b);
  sums.c = bnm_smuad(even, taps.outer0);
  sums.d = bnm_smuad(odd, taps.outer0);
  sums.c = bnm_smlabb(odd, taps.middle01, sums.c);
  sums.d = bnm_smlatb(even, taps.middle01, sums.d);
  x += width;
  word = bnm_load_word(x);
  even = bnm_even_bytes(word);
  odd = bnm_odd_bytes(word);
  sums.a = bnm_smlad(even, taps.outer2, sums.a);
  sums.b = bnm_smlad(odd, taps.outer2, sums.b);
  sums.a = bnm_smlabb(odd, taps.middle2, sums.a);
  sums.b = bnm_smlatb(even, taps.middle2, sums.b);
  sums.c = bnm_smlad(even, taps.outer1, sums.c);
  sums.d = bnm_smlad(odd, taps.outer1, sums.d);
  sums.c = bnm_smlabt(odd, taps.middle01, sums.c);
  sums.d = bnm_smlatt(even, taps.middle01, sums.d);
  x += width;
  word = bnm_load_word(x);
  even = bnm_even_bytes(word);
  odd = bnm_odd_bytes(word);
  sums.c = bnm_smlad(even, taps.outer2, sums.c);
  sums.d = bnm_smlad(odd, taps.outer2, sums.d);
  sums.c = bnm_smlabb(odd, taps.middle2, sums.c);
  sums.d = bnm_smlatb(even, taps.middle2, sums.d);
  return sums;
}

#endif

#endif
