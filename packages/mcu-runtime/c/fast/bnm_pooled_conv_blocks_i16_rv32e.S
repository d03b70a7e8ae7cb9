/*
 * The second convolution of the chain, for RV32E with a multiplier. Interface and meaning: bnm_conv_chain_mul.h, bnm_pooled_conv.h;
 * registers: bnm_conv_quarters.h. A quarter of a block's inputs are the results of one block of the first convolution.
 */
#include "bnm_conv_quarters.h"
#include "bnm_pooled_conv_block.h"

#if defined(BNM_RV32E) && defined(__riscv_mul)

  BNM_HOT_FUNCTION bnm_pooled_conv_blocks_i16
  BNM_POOLED_FRAME_BEGIN
  mv a1, sp
  addi a2, a0, 9
unpack:
  lb a3, 0(a0)
  addi a0, a0, 1
  sw a3, 0(a1)
  addi a1, a1, 4
  bne a0, a2, unpack
  BNM_QUARTERS_WEIGHTS
  lw a5, PLACE(sp)
  .balign 4
block_i16:
  BNM_POOLED_BLOCK_BEGIN
  BNM_QUARTERS lh, BNM_PAIR_BYTES, BNM_PAIR_ROW_BYTES, 1
  BNM_POOLED_BLOCK_END block_i16
  BNM_QUARTERS_MARKED
  .size bnm_pooled_conv_blocks_i16, . - bnm_pooled_conv_blocks_i16

#endif
