/*
 * Linear layers by look-up, for 4-bit codes whose integers are no linear function of the code (FP130, NF4): for each input that
 * differs from the mode value a table of its 16 products. Four inputs at a time, so that an accumulator is read and written
 * once for four weights.
 */
#ifndef BNM_LOOKUP_PRODUCTS_H
#define BNM_LOOKUP_PRODUCTS_H

#define BNM_LOOKUP_INPUTS 4
#define BNM_LOOKUP_TABLE_BYTES 32
#define BNM_LOOKUP_OFFSETS 128
#define BNM_LOOKUP_BLOCK_BYTES 136

#ifndef __ASSEMBLER__

#include <stdint.h>

#include "bnm_output_blocks.h"

struct bnm_lookup {
  int16_t product[BNM_LOOKUP_INPUTS][16]; /* by code; zeros where there are fewer inputs */
  uint16_t offset[BNM_LOOKUP_INPUTS];     /* 4 * input: the byte offset of the input's word in a block of weights */
  uint32_t block_bytes;                   /* 4 * inputs */
};

/*
 * acc[o] += the products of output o's codes, for 8 * blocks outputs.
 * listed  a struct bnm_lookup
 */
bnm_add_blocks bnm_lookup4_blocks;

/* product[c] = (integer weight of code c) * difference, which is in -255 ... 255. */
typedef void bnm_fill_products(int16_t *product, int32_t difference);

void bnm_linear_lookup(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                       bnm_fill_products *fill);

#endif

#endif
