/* The third convolution of the chain, for Armv6-M. A block (4 outputs) takes 180 cycles, less for inputs of 0. */
#include "bnm_pooled_conv_thumb.h"

#if defined(BNM_THUMB)

  .macro load_i32 ROW, COLUMN
  ldr r1, [r0, #(\ROW * BNM_POOLED_ROW_BYTES + 4 * \COLUMN)]
  .endm
  .macro next_i32 ROW
  .endm

  BNM_POOLED_CONV_BLOCKS bnm_pooled_conv_blocks_i32, load_i32, next_i32

#endif
