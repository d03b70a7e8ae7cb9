/*
 * The third convolution of the chain, for RV32E with a multiplier. Interface and meaning: bnm_conv_chain_mul.h,
 * bnm_pooled_conv.h; registers: bnm_conv_block.h. There are only four blocks a channel: a loop over the rows of weights takes less
 * than half of the code.
 */
#include "bnm_pooled_conv_block.h"

#if defined(BNM_RV32E) && defined(__riscv_mul)

  /* FIRST SECOND += the products of a row of inputs at AT */
  .macro row FIRST, SECOND, AT
  lw a5, \AT(a0)
  BNM_ADD_LAST \FIRST, s0
  lw a5, (\AT + 4)(a0)
  BNM_ADD_PRODUCT \FIRST, s1
  BNM_ADD_LAST \SECOND, s0
  lw a5, (\AT + 8)(a0)
  BNM_ADD_PRODUCT \FIRST, ra
  BNM_ADD_LAST \SECOND, s1
  lw a5, (\AT + 12)(a0)
  BNM_ADD_LAST \SECOND, ra
  .endm

  /* t1: weights, in frame 0(sp); t2: their end */
  BNM_HOT_FUNCTION bnm_pooled_conv_blocks_i32
  BNM_POOLED_FRAME_BEGIN
  sw a0, 0(sp)
  mv a5, a2
  .balign 4
block_i32:
  BNM_POOLED_BLOCK_BEGIN
  lw t1, 0(sp)
  addi t2, t1, 9
  li a1, 0
  li a2, 0
  li a3, 0
  li a4, 0
  .balign 4
weights_row:
  lb s0, 0(t1)
  lb s1, 1(t1)
  lb ra, 2(t1)
  addi t1, t1, 3
  row a1, a2, 0
  row a3, a4, BNM_POOLED_ROW_BYTES
  addi a0, a0, BNM_POOLED_ROW_BYTES
  bne t1, t2, weights_row
  BNM_POOLED_BLOCK_END block_i32
  .size bnm_pooled_conv_blocks_i32, . - bnm_pooled_conv_blocks_i32

#endif
