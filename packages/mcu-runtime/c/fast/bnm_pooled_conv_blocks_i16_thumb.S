/* The second convolution of the chain, for Armv6-M. A block (4 outputs) takes 183 cycles, less for inputs of 0. */
#include "bnm_pooled_conv_thumb.h"

#if defined(BNM_THUMB)

  /* None is negative: they come from a ReLU. */
  .macro load_i16 ROW, COLUMN
  ldrh r1, [r0, #(\COLUMN * BNM_PAIR_BYTES)]
  .endm
  .macro next_i16 ROW
  adds r0, #BNM_PAIR_ROW_BYTES
  .endm

  BNM_POOLED_CONV_BLOCKS bnm_pooled_conv_blocks_i16, load_i16, next_i16

#endif
