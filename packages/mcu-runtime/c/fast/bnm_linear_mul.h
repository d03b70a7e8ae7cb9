/* What the linear layers with two products a multiplication share; a format is a value. Interface of the layers: bnm_fast.h. */
#ifndef BNM_LINEAR_MUL_H
#define BNM_LINEAR_MUL_H

#include "bnm_difference_list.h"
#include "bnm_fast.h"

/* The integer weight of a code is the sum of its parts' codes << shift, plus zero. */
struct bnm_mul_codes {
  bnm_mul_blocks *add_blocks;
  uint8_t block; /* outputs in a word */
  uint8_t parts;
  uint8_t shift[2];
  int8_t zero;
};

void bnm_linear_mul(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                     const struct bnm_mul_codes *codes);

/* BLOCKS: function that adds blocks of BLOCK outputs. */
#define BNM_LINEAR_MUL(NAME, BLOCKS, BLOCK, PARTS, SHIFT0, SHIFT1, ZERO)                                                      \
  void NAME(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {               \
    static const struct bnm_mul_codes codes = {BLOCKS, BLOCK, PARTS, {SHIFT0, SHIFT1}, ZERO};                        \
    bnm_linear_mul(x, inputs, weights, outputs, acc, &codes);                                                        \
  }

#endif
