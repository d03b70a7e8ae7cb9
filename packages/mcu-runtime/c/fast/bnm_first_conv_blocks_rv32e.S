/*
 * The first convolution of the chain, for RV32E with a multiplier. Interface and meaning: bnm_conv_chain_mul.h,
 * bnm_first_conv_blocks.c; registers: bnm_conv_quarters.h.
 */
#include "bnm_conv_chain_mul.h"
#include "bnm_conv_quarters.h"
#include "bnm_hot.h"

#if defined(BNM_RV32E) && defined(__riscv_mul)

#define FRAME (BNM_FIRST_BYTES + BNM_BLOCK_SAVED_BYTES)

  BNM_HOT_FUNCTION bnm_first_conv_blocks
  BNM_BLOCK_SAVE FRAME
  /* The description of the convolution into the frame: there is no register for its address. */
  mv a1, sp
  addi a2, a0, BNM_FIRST_BYTES
copy:
  lw a3, 0(a0)
  addi a0, a0, 4
  sw a3, 0(a1)
  addi a1, a1, 4
  bne a0, a2, copy
  BNM_QUARTERS_WEIGHTS

  lw a5, BNM_FIRST_BLOCK(sp)
  .balign 4
block:
  lbu a4, 0(a5)
  lw a0, BNM_FIRST_X(sp)
  add a0, a0, a4
  BNM_QUARTERS lb, 1, BNM_CHAIN_X_BYTES, 0

  /* a0: where the results go. */
  lw a5, BNM_FIRST_BLOCK(sp)
  lbu t0, 1(a5)
  addi a5, a5, 2
  sw a5, BNM_FIRST_BLOCK(sp)
  lw a0, BNM_FIRST_MAP(sp)
  slli t0, t0, 3
  add a0, a0, t0
  lw a5, BNM_FIRST_MASK(sp)
  lw ra, BNM_FIRST_SHIFT(sp)
  beqz a5, one_channel

  .macro all OPERATION, OPERAND
  \OPERATION a1, a1, \OPERAND
  \OPERATION a2, a2, \OPERAND
  \OPERATION a3, a3, \OPERAND
  \OPERATION a4, a4, \OPERAND
  .endm
  /* Halves whose sign bit, set for sums >= 0, is clear become 0; the bit itself goes. */
  .macro relu_both SUM
  and t0, \SUM, ra
  srli a5, t0, 15
  sub t0, t0, a5
  and \SUM, \SUM, t0
  .endm
  lw t0, BNM_FIRST_OFFSET(sp)
  all add, t0
  all srl, ra
  all and, a5
  lw t0, BNM_FIRST_BASE(sp)
  all add, t0
  lui ra, 0x80008
  relu_both a1
  relu_both a2
  sw a2, BNM_PAIR_BYTES(a0)
  relu_both a3
  sw a3, BNM_PAIR_ROW_BYTES(a0)
  relu_both a4
  sw a4, (BNM_PAIR_ROW_BYTES + BNM_PAIR_BYTES)(a0)
  /* The mark of a block of zeros: 2^15 less the bits of all four has its sign bit only where there are none. */
  or a2, a2, a3
  or a4, a4, a1
  or a2, a2, a4
  sub a2, ra, a2
  and a2, a2, ra
  or a1, a1, a2
  sw a1, 0(a0)

next:
  lw a5, BNM_FIRST_BLOCK(sp)
  lw a4, BNM_FIRST_END(sp)
  bne a5, a4, block
  BNM_BLOCK_RETURN FRAME

  .macro one SUM, AT
  bgez \SUM, 1f
  li \SUM, 0
1:
  srl \SUM, \SUM, ra
  sh \SUM, (\AT)(a0)
  .endm
one_channel:
  one a1, 0
  one a2, BNM_PAIR_BYTES
  one a3, BNM_PAIR_ROW_BYTES
  one a4, (BNM_PAIR_ROW_BYTES + BNM_PAIR_BYTES)
  j next
  .size bnm_first_conv_blocks, . - bnm_first_conv_blocks

#endif
