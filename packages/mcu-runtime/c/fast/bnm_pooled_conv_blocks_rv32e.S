/*
 * Depthwise convolutions of the chain with their pooling, for RV32E with a multiplier. Interface and meaning:
 * bnm_conv_chain_swar.h, bnm_pooled_conv.h. A block (4 outputs) of int16 takes 149 cycles on the CH32V002, one of int32, of
 * which there are only four a channel and whose code is a loop over the rows of weights, about 220.
 */
#include "bnm_conv_block.h"
#include "bnm_conv_chain_swar.h"
#include "bnm_hot.h"

#if defined(BNM_RV32E) && defined(__riscv_mul)

#define MAP 36
#define PLACE 40
#define END 44
#define SHIFT 48
#define OUT 52
#define FRAME (56 + BNM_BLOCK_SAVED_BYTES)

  /* a1 = the larger of both */
  .macro take_larger OTHER
  bge a1, \OTHER, 1f
  mv a1, \OTHER
1:
  .endm

  .macro frame_begin
  BNM_BLOCK_SAVE FRAME
  sw a1, MAP(sp)
  sw a2, PLACE(sp)
  sw a3, END(sp)
  sw a4, SHIFT(sp)
  sw a5, OUT(sp)
  .endm

  /* a0: the first input of the next block. */
  .macro block_begin
  lw a5, PLACE(sp)
  lbu a4, 0(a5)
  lw a0, MAP(sp)
  slli a4, a4, 3
  add a0, a0, a4
  .endm

  /* The largest of the four sums, ReLU, shift, and on to BLOCK. */
  .macro block_end BLOCK
  take_larger a2
  take_larger a3
  take_larger a4
  bgez a1, 1f
  li a1, 0
1:
  lw a5, PLACE(sp)
  lw a4, SHIFT(sp)
  lw a3, OUT(sp)
  srl a1, a1, a4
  lbu a4, 1(a5)
  addi a5, a5, 2
  add a3, a3, a4
  sw a1, 0(a3)
  sw a5, PLACE(sp)
  lw a4, END(sp)
  bne a5, a4, \BLOCK
  BNM_BLOCK_RETURN FRAME
  .endm

  BNM_HOT_FUNCTION bnm_pooled_conv_blocks_i16
  frame_begin
  mv a1, sp
  addi a2, a0, 9
unpack:
  lb a3, 0(a0)
  addi a0, a0, 1
  sw a3, 0(a1)
  addi a1, a1, 4
  bne a0, a2, unpack
  BNM_BLOCK_SECOND_ROW
  .balign 4
block_i16:
  block_begin
  BNM_BLOCK_SUMS lh, BNM_PAIR_BYTES, BNM_PAIR_ROW_BYTES
  block_end block_i16
  .size bnm_pooled_conv_blocks_i16, . - bnm_pooled_conv_blocks_i16

  /* FIRST SECOND += the products of a row of inputs */
  .macro row FIRST, SECOND
  lw a5, 0(a0)
  BNM_ADD_LAST \FIRST, s0
  lw a5, 4(a0)
  BNM_ADD_PRODUCT \FIRST, s1
  BNM_ADD_LAST \SECOND, s0
  lw a5, 8(a0)
  BNM_ADD_PRODUCT \FIRST, ra
  BNM_ADD_LAST \SECOND, s1
  lw a5, 12(a0)
  BNM_ADD_LAST \SECOND, ra
  .endm

  /* t1: weights, in frame 0(sp); t2: their end */
  BNM_HOT_FUNCTION bnm_pooled_conv_blocks_i32
  frame_begin
  sw a0, 0(sp)
  .balign 4
block_i32:
  block_begin
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
  row a1, a2
  addi a0, a0, BNM_POOLED_ROW_BYTES
  row a3, a4
  bne t1, t2, weights_row
  block_end block_i32
  .size bnm_pooled_conv_blocks_i32, . - bnm_pooled_conv_blocks_i32

#endif
