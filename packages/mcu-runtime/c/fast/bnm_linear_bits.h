/* What the linear layers by bit lists share; a format is a value. Interface of the layers: bnm_fast.h. */
#ifndef BNM_LINEAR_BITS_H
#define BNM_LINEAR_BITS_H

#include "bnm_bit_lists.h"
#include "bnm_fast.h"

/* Some bits of every code, in words of their own. */
struct bnm_bit_part {
  bnm_bit_blocks *add_blocks;
  uint8_t block_bits; /* 2^block_bits outputs in a word */
  /* What the part counts in the integer weight: (its code << shift) + one - 2^zero. */
  uint8_t shift, one, zero;
};

/* The integer weight is the sum over the parts of its code. */
struct bnm_bit_codes {
  struct bnm_bit_part part[2];
  uint8_t parts;
};

void bnm_linear_bits(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                       const struct bnm_bit_codes *codes);

#define BNM_LINEAR_BITS(NAME, PARTS, ...)                                                                     \
  void NAME(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {               \
    static const struct bnm_bit_codes codes = {{__VA_ARGS__}, PARTS};                                         \
    bnm_linear_bits(x, inputs, weights, outputs, acc, &codes);                                                      \
  }

#endif
