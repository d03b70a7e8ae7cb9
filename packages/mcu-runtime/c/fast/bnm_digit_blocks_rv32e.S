/*
 * Runs the code that bnm_write_digit_code() wrote, on all blocks. Interface: bnm_conv_chain_digits.h.
 *
 * That code takes the address of the first input in a0 and keeps it, leaves the first sum in the frame and the second one in
 * a1, and changes every other register but sp, gp and tp.
 */
#include "bnm_conv_chain_digits.h"
#include "bnm_hot.h"

#if defined(BNM_RV32E)

#define FIRST_SUM BNM_DIGITS_FIRST_SUM
#define KEPT 36
#define FRAME 56

  .macro frame_begin
  addi sp, sp, -FRAME
  sw ra, 52(sp)
  sw s0, 48(sp)
  sw s1, 44(sp)
  mv a1, sp
  addi a2, a0, BNM_DIGITS_CONV_BYTES
0:
  lw a3, 0(a0)
  addi a0, a0, 4
  sw a3, 0(a1)
  addi a1, a1, 4
  bne a0, a2, 0b
  .endm

  /* The sums of the first row of a block. */
  .macro block_begin
  lw a5, BNM_DIGITS_PLACE(sp)
  lbu a4, 0(a5)
  lw a0, BNM_DIGITS_FROM(sp)
  lw a3, BNM_DIGITS_FROM_SHIFT(sp)
  lw a1, BNM_DIGITS_CODE(sp)
  sll a4, a4, a3
  add a0, a0, a4
  jalr a1
  .endm

  .macro second_row
  lw a4, BNM_DIGITS_ROW_BYTES(sp)
  lw a1, BNM_DIGITS_CODE(sp)
  add a0, a0, a4
  jalr a1
  .endm

  /* On to BLOCK; a5: the place of this one. */
  .macro block_end BLOCK
  addi a5, a5, 2
  sw a5, BNM_DIGITS_PLACE(sp)
  lw a4, BNM_DIGITS_END(sp)
  bne a5, a4, \BLOCK
  lw ra, 52(sp)
  lw s0, 48(sp)
  lw s1, 44(sp)
  addi sp, sp, FRAME
  ret
  .endm

  .macro relu SUM
  bgez \SUM, 1f
  li \SUM, 0
1:
  .endm

  /* Two results to AT(a4); their shift in a2. */
  .macro store AT
  lw a3, FIRST_SUM(sp)
  lw a2, BNM_DIGITS_SHIFT(sp)
  relu a1
  relu a3
  srl a1, a1, a2
  srl a3, a3, a2
  sh a1, (\AT + 2)(a4)
  sh a3, (\AT)(a4)
  .endm

  BNM_HOT_FUNCTION bnm_digit_blocks
  frame_begin
  .balign 4
block:
  block_begin
  lw a5, BNM_DIGITS_PLACE(sp)
  lbu a3, 1(a5)
  lw a4, BNM_DIGITS_TO(sp)
  slli a3, a3, 2
  add a4, a4, a3
  sw a4, KEPT(sp)
  store 0
  second_row
  lw a4, KEPT(sp)
  store BNM_MAP_ROW_BYTES
  lw a5, BNM_DIGITS_PLACE(sp)
  block_end block
  .size bnm_digit_blocks, . - bnm_digit_blocks

  /* a1 = the larger of both */
  .macro take_larger OTHER
  bge a1, \OTHER, 1f
  mv a1, \OTHER
1:
  .endm

  BNM_HOT_FUNCTION bnm_pooled_digit_blocks
  frame_begin
  .balign 4
pooled_block:
  block_begin
  lw a2, FIRST_SUM(sp)
  take_larger a2
  sw a1, KEPT(sp)
  second_row
  lw a2, FIRST_SUM(sp)
  lw a3, KEPT(sp)
  take_larger a2
  take_larger a3
  relu a1
  lw a2, BNM_DIGITS_SHIFT(sp)
  lw a5, BNM_DIGITS_PLACE(sp)
  lw a4, BNM_DIGITS_TO(sp)
  srl a1, a1, a2
  lbu a3, 1(a5)
  add a4, a4, a3
  sw a1, 0(a4)
  block_end pooled_block
  .size bnm_pooled_digit_blocks, . - bnm_pooled_digit_blocks

#endif
