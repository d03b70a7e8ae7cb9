/* Assembly for RV32E with a multiplier that the pooled convolutions share: where blocks are, and what becomes of their sums. */
#ifndef BNM_POOLED_CONV_BLOCK_H
#define BNM_POOLED_CONV_BLOCK_H

#include "bnm_conv_block.h"
#include "bnm_conv_chain_mul.h"
#include "bnm_hot.h"

#ifdef __ASSEMBLER__

#define MAP 36
#define PLACE 40
#define END 44
#define SHIFT 48
#define OUT 52
#define FRAME (56 + BNM_BLOCK_SAVED_BYTES)

  /* a1 = the larger of both */
  .macro BNM_POOLED_TAKE_LARGER OTHER
  bge a1, \OTHER, 1f
  mv a1, \OTHER
1:
  .endm

  .macro BNM_POOLED_FRAME_BEGIN
  BNM_BLOCK_SAVE FRAME
  sw a1, MAP(sp)
  sw a2, PLACE(sp)
  sw a3, END(sp)
  sw a4, SHIFT(sp)
  sw a5, OUT(sp)
  .endm

  /* a5: the place of the block; a0: its first input. */
  .macro BNM_POOLED_BLOCK_BEGIN
  lbu a4, 0(a5)
  lw a0, MAP(sp)
  slli a4, a4, 3
  add a0, a0, a4
  .endm

  /* The largest of the four sums, ReLU, shift, and on to BLOCK with the next place in a5. */
  .macro BNM_POOLED_BLOCK_END BLOCK
  BNM_POOLED_TAKE_LARGER a2
  BNM_POOLED_TAKE_LARGER a3
  BNM_POOLED_TAKE_LARGER a4
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

#endif

#endif
