/*
 * Assembly for RV32E with a multiplier: the four sums of a block, from 4x4 inputs. GCC keeps nine weights and four sums in
 * memory; here six weights at a time are in registers, which is all that a row of inputs needs.
 *
 * a0 first input    a1 a2 a3 a4 sums    a5 input    t0 product    t1 t2 tp second row of weights, kept from block to block
 * s0 s1 ra first row of weights, later the third
 *
 * tp is saved and restored like s0; code on these parts has no thread-local storage, interrupt handlers included.
 */
#ifndef BNM_CONV_BLOCK_H
#define BNM_CONV_BLOCK_H

#ifdef __ASSEMBLER__

  /* Weights as words at the bottom of the frame, registers above them. */
#define BNM_BLOCK_WEIGHTS_BYTES 36
#define BNM_BLOCK_SAVED_BYTES 16

  .macro BNM_BLOCK_SAVE FRAME
  addi sp, sp, -(\FRAME)
  sw ra, (\FRAME - 4)(sp)
  sw s0, (\FRAME - 8)(sp)
  sw s1, (\FRAME - 12)(sp)
  sw tp, (\FRAME - 16)(sp)
  .endm

  .macro BNM_BLOCK_RETURN FRAME
  lw ra, (\FRAME - 4)(sp)
  lw s0, (\FRAME - 8)(sp)
  lw s1, (\FRAME - 12)(sp)
  lw tp, (\FRAME - 16)(sp)
  addi sp, sp, \FRAME
  ret
  .endm

  /* t1 t2 tp: the second row of weights. */
  .macro BNM_BLOCK_SECOND_ROW
  lw t1, 12(sp)
  lw t2, 16(sp)
  lw tp, 20(sp)
  .endm

  /* SUM += a5 * WEIGHT */
  .macro BNM_ADD_PRODUCT SUM, WEIGHT
  mul t0, a5, \WEIGHT
  add \SUM, \SUM, t0
  .endm

  /* The same with the last use of an input. */
  .macro BNM_ADD_LAST SUM, WEIGHT
  mul a5, a5, \WEIGHT
  add \SUM, \SUM, a5
  .endm

  /* Past four products where the input is 0: 3 cycles in place of 9, 1 more where it is not. */
  .macro BNM_SKIP_ZERO
  beqz a5, 9f
  .endm

  /* Where ROW of BNM_BLOCK_SUMS is all there is to do. */
  .macro BNM_BLOCK_SAME_BASE
  .endm

  /* LOAD: of an input; STEP, ROW: bytes to the next one in a row, and to the next row; NEXT: what moves a0 on to the next row, where
   * ROW is 0. */
  .macro BNM_BLOCK_SUMS LOAD, STEP, ROW, NEXT=BNM_BLOCK_SAME_BASE
  lw s0, 0(sp)
  lw s1, 4(sp)
  lw ra, 8(sp)
  \LOAD a5, 0(a0)
  mul a1, a5, s0
  \LOAD a5, (\STEP)(a0)
  mul a2, a5, s0
  BNM_ADD_LAST a1, s1
  \LOAD a5, (2 * \STEP)(a0)
  BNM_ADD_PRODUCT a1, ra
  BNM_ADD_LAST a2, s1
  \LOAD a5, (3 * \STEP)(a0)
  BNM_ADD_LAST a2, ra

  \NEXT
  \LOAD a5, (\ROW)(a0)
  mul a3, a5, s0
  BNM_ADD_LAST a1, t1
  \LOAD a5, (\ROW + \STEP)(a0)
  mul a4, a5, s0
  BNM_SKIP_ZERO
  BNM_ADD_PRODUCT a1, t2
  BNM_ADD_PRODUCT a2, t1
  BNM_ADD_LAST a3, s1
9:
  \LOAD a5, (\ROW + 2 * \STEP)(a0)
  BNM_SKIP_ZERO
  BNM_ADD_PRODUCT a1, tp
  BNM_ADD_PRODUCT a2, t2
  BNM_ADD_PRODUCT a3, ra
  BNM_ADD_LAST a4, s1
9:
  \LOAD a5, (\ROW + 3 * \STEP)(a0)
  BNM_ADD_PRODUCT a2, tp
  BNM_ADD_LAST a4, ra

  lw s0, 24(sp)
  lw s1, 28(sp)
  lw ra, 32(sp)
  \NEXT
  \LOAD a5, (2 * \ROW)(a0)
  BNM_ADD_PRODUCT a1, s0
  BNM_ADD_LAST a3, t1
  \LOAD a5, (2 * \ROW + \STEP)(a0)
  BNM_SKIP_ZERO
  BNM_ADD_PRODUCT a1, s1
  BNM_ADD_PRODUCT a2, s0
  BNM_ADD_PRODUCT a3, t2
  BNM_ADD_LAST a4, t1
9:
  \LOAD a5, (2 * \ROW + 2 * \STEP)(a0)
  BNM_SKIP_ZERO
  BNM_ADD_PRODUCT a1, ra
  BNM_ADD_PRODUCT a2, s1
  BNM_ADD_PRODUCT a3, tp
  BNM_ADD_LAST a4, t2
9:
  \LOAD a5, (2 * \ROW + 3 * \STEP)(a0)
  BNM_ADD_PRODUCT a2, ra
  BNM_ADD_LAST a4, tp

  \NEXT
  \LOAD a5, (3 * \ROW)(a0)
  BNM_ADD_LAST a3, s0
  \LOAD a5, (3 * \ROW + \STEP)(a0)
  BNM_ADD_PRODUCT a3, s1
  BNM_ADD_LAST a4, s0
  \LOAD a5, (3 * \ROW + 2 * \STEP)(a0)
  BNM_ADD_PRODUCT a3, ra
  BNM_ADD_LAST a4, s1
  \LOAD a5, (3 * \ROW + 3 * \STEP)(a0)
  BNM_ADD_LAST a4, ra
  .endm

#endif

#endif
