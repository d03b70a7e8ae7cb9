/*
 * The convolution chain for parts with a multiplier: the first convolution of two channels at once, in the 16-bit halves of a word.
 * A product of an int8 element with (weight of one channel) + 2^16 * (weight of the other) is the sum of both products, each in
 * its half, as long as the halves are read after an offset has made both sums nonnegative and if both are then below 2^16. That
 * depends on the weights and on the range of the sample; where it does not hold, the channels are computed one after the other.
 * With the DSP extension they always are, by pairs of products (bnm_dsp_blocks.h): that takes no longer.
 */
#ifndef BNM_CONV_CHAIN_MUL_H
#define BNM_CONV_CHAIN_MUL_H

/* Offsets for the assembly; checked in bnm_conv_chain_mul.c. */
#define BNM_FIRST_X 36
#define BNM_FIRST_MAP 40
#define BNM_FIRST_BLOCK 44
#define BNM_FIRST_END 48
#define BNM_FIRST_SHIFT 52
#define BNM_FIRST_MASK 56
#define BNM_FIRST_OFFSET 60
#define BNM_FIRST_BASE 64
#define BNM_FIRST_BYTES 68

/* Row of 14 elements with two channels of int16. */
#define BNM_PAIR_BYTES 4
#define BNM_PAIR_ROW_BYTES 56
/* Results are 0 to 2^15 - 1. The first element of a block of zeros may be -2^15 in their place, so that it is passed over. */
#define BNM_ZERO_MARKS 0x80008000u
/* Rows of 16 int8 and of 6 int32. */
#define BNM_CHAIN_X_BYTES 16
#define BNM_POOLED_ROW_BYTES 24

#ifndef __ASSEMBLER__

#include "bnm_conv_chain.h"

/* The first convolution with ReLU and shift: of two channels at once, or of one. */
struct bnm_first_conv {
  int32_t weight[BNM_CHAIN_WEIGHTS]; /* of one channel; or low + 2^16 * high */
  const int8_t *x; /* of Armv6-M differences from the sample's least element, as unsigned bytes */
  int16_t *map; /* [14][14][2]: results of one channel are two elements apart; with BNM_DSP [14][14], of one channel */
  const struct bnm_conv_place *block, *end; /* at least one */
  uint32_t shift;
  /*
   * Two channels: result = max((((sum + offset) >> shift) & mask) + base - 2^15, 0) in each half, with offset = -(base << shift)
   * and base - 2^15 = the least sum >> shift. One channel: mask = 0. Of Armv6-M the offset is also, for one channel nothing but, the share
   * of the least element.
   */
  uint32_t mask, offset, base;
};

void bnm_first_conv_blocks(const struct bnm_first_conv *conv);

/*
 * A depthwise convolution with max pooling, ReLU and shift.
 * weights       in flash; 9 int8
 * map           of the i16 version [14][14][2] with the channel's element first (with BNM_DSP [14][14]), of the i32 version [6][6]
 * places        where blocks read and write; at least one
 */
typedef void bnm_pooled_conv_blocks(const int8_t *weights, const void *map, const struct bnm_conv_place *places,
                                    const struct bnm_conv_place *end, unsigned shift, int32_t *out);
bnm_pooled_conv_blocks bnm_pooled_conv_blocks_i16;
bnm_pooled_conv_blocks bnm_pooled_conv_blocks_i32;

#endif

#endif
