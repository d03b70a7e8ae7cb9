/*
 * The convolution chain for parts without a multiplier. Weights become canonical signed digits, about 2.5 of them a weight: 0, 1 and
 * -1, never two beside each other but 0. With Horner's rule over the digits' positions the nine products of an output take an
 * addition or subtraction a digit and a shift a position, all on registers:
 *   sum of w[i] * x[i] = ((... + d[i][2] * x[i]) * 2 + d[i][1] * x[i] ...) * 2 + d[i][0] * x[i] ...
 * On RV32E such a sum is written as straight-line code for the weights at hand, into RAM, and run for all blocks of the channel.
 */
#ifndef BNM_CONV_CHAIN_NOMUL_H
#define BNM_CONV_CHAIN_NOMUL_H

/* Offsets for the assembly; checked in bnm_conv_chain_nomul.c. */
#define BNM_CODED_CONV_CODE 0
#define BNM_CODED_CONV_FROM 4
#define BNM_CODED_CONV_PLACE 8
#define BNM_CODED_CONV_END 12
#define BNM_CODED_CONV_TO 16
#define BNM_CODED_CONV_SHIFT 20
#define BNM_CODED_CONV_FROM_SHIFT 24
#define BNM_CODED_CONV_ROW_BYTES 28
#define BNM_CODED_CONV_BYTES 32
/* Where the code for a pair of outputs leaves the first sum: in the frame of its caller. */
#define BNM_CODED_CONV_FIRST_SUM 32

/* Row of 14 int16. */
#define BNM_MAP_ROW_BYTES 28

#ifndef __ASSEMBLER__

#include "bnm_conv_chain.h"

/* One convolution of a channel. */
struct bnm_coded_conv {
  uint16_t *code;        /* of bnm_write_conv_code() */
  const void *from;
  const struct bnm_conv_place *place, *end; /* at least one */
  void *to;
  uint32_t shift;        /* after ReLU */
  uint32_t from_shift;   /* log2 of the bytes that place->from counts */
  uint32_t row_bytes;    /* of `from` */
};

/* The elements of `from`. */
enum bnm_coded_conv_load { BNM_CODED_CONV_I8 = 0, BNM_CODED_CONV_I16 = 1, BNM_CODED_CONV_I32 = 2 };

/*
 * Writes the code for two neighbouring outputs: 52 bytes, and twice 2 for each digit, for each digit -1 again, for each position with digits but
 * the highest, and for the lowest one if it has none. At most 376 bytes.
 */
void bnm_write_conv_code(const int8_t *weights, enum bnm_coded_conv_load load, unsigned row_bytes, uint16_t *code);

/* Runs it on blocks: results into an int16 map [14][14], or the pooled ones as int32. */
void bnm_conv_code_blocks(const struct bnm_coded_conv *conv);
void bnm_pooled_conv_code_blocks(const struct bnm_coded_conv *conv);

#endif

#endif
