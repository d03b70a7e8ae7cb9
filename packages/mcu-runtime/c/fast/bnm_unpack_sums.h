/*
 * Assembly that the block kernels share. Arguments: a0 what to add (planes or list), a1 words, a2 acc, a3 number of blocks.
 * The sums of a block are in t0 t1 t2 ra: outputs 0 and 4, 1 and 5, 2 and 6, 3 and 7 in 16-bit halves. s0 and a2 are kept.
 */
#ifndef BNM_UNPACK_SUMS_H
#define BNM_UNPACK_SUMS_H

#ifdef __ASSEMBLER__

#define BNM_FRAME_INPUTS 0
#define BNM_FRAME_WORDS 4
#define BNM_FRAME_ACC 8
#define BNM_FRAME_BLOCKS 12

  .macro BNM_BLOCKS_BEGIN
  addi sp, sp, -28
  sw ra, 24(sp)
  sw s0, 20(sp)
  sw s1, 16(sp)
  sw a0, BNM_FRAME_INPUTS(sp)
  sw a1, BNM_FRAME_WORDS(sp)
  sw a2, BNM_FRAME_ACC(sp)
  sw a3, BNM_FRAME_BLOCKS(sp)
  .endm

  .macro BNM_UNPACK_PAIR SUM, LOW, HIGH
  slli a5, \SUM, 16
  lw a0, \LOW(a1)
  srl a5, a5, s1
  add a5, a5, a4
  add a0, a0, a5
  sw a0, \LOW(a1)
  srli a5, \SUM, 16
  lw a0, \HIGH(a1)
  sll a5, a5, a3
  add a5, a5, a4
  add a0, a0, a5
  sw a0, \HIGH(a1)
  .endm

  /* acc[0 ... 7] += (sum << shift) + offset; SHIFT and OFFSET: where they are in what a0 was. */
  .macro BNM_UNPACK_SUMS SHIFT, OFFSET
  lw a5, BNM_FRAME_INPUTS(sp)
  lw a1, BNM_FRAME_ACC(sp)
  lw a3, \SHIFT(a5)
  lw a4, \OFFSET(a5)
  li s1, 16
  sub s1, s1, a3
  BNM_UNPACK_PAIR t0, 0, 16
  BNM_UNPACK_PAIR t1, 4, 20
  BNM_UNPACK_PAIR t2, 8, 24
  BNM_UNPACK_PAIR ra, 12, 28
  .endm

  /* Goes to BLOCK with a0 and a1 set for the next one, if there is one. X, X_END: where they are in what a0 was. */
  .macro BNM_BLOCKS_NEXT BLOCK, X, X_END
  addi a1, a1, 32
  sw a1, BNM_FRAME_ACC(sp)
  lw a0, BNM_FRAME_INPUTS(sp)
  lw a4, \X(a0)
  lw a3, \X_END(a0)
  lw a1, BNM_FRAME_WORDS(sp)
  sub a3, a3, a4
  slli a3, a3, 2
  add a1, a1, a3
  sw a1, BNM_FRAME_WORDS(sp)
  lw a5, BNM_FRAME_BLOCKS(sp)
  addi a5, a5, -1
  sw a5, BNM_FRAME_BLOCKS(sp)
  bnez a5, \BLOCK
  .endm

  /* Returns the words behind the last block: a1. */
  .macro BNM_BLOCKS_END
  mv a0, a1
  lw ra, 24(sp)
  lw s0, 20(sp)
  lw s1, 16(sp)
  addi sp, sp, 28
  ret
  .endm

#endif

#endif
