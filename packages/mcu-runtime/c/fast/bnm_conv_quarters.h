/*
 * Assembly for RV32E with a multiplier: the four sums of a block, quarter by quarter. The 4x4 inputs are four quarters of 2x2; five
 * weights stay in registers, and each quarter needs one more, that of its corner.
 *
 * a0 first input    a1 a2 a3 a4 sums    a5 input    t0 product
 * s0 t1 tp t2 s1 weights 1 3 4 5 7, kept from block to block    ra weight of a corner
 */
#ifndef BNM_CONV_QUARTERS_H
#define BNM_CONV_QUARTERS_H

#include "bnm_conv_block.h"

#ifdef __ASSEMBLER__

  /* The weights that stay, from the bottom of the frame. */
  .macro BNM_QUARTERS_WEIGHTS
  lw s0, 4(sp)
  lw t1, 12(sp)
  lw tp, 16(sp)
  lw t2, 20(sp)
  lw s1, 28(sp)
  .endm

  /*
   * LOAD: of an input; STEP, ROW: bytes to the next one in a row, and to the next row. MARKED: 1 where a quarter of zeros may have a
   * mark in its first element (BNM_ZERO_MARKS): it is passed over, and so is a single zero with four products. Code for a first quarter
   * with a mark follows elsewhere: BNM_QUARTERS_MARKED. Loads go to and fro between rows: where a pointer moves on from row to row,
   * BNM_BLOCK_SUMS serves.
   */
  .macro BNM_QUARTERS LOAD, STEP, ROW, MARKED
  \LOAD a5, (0 * \ROW + 0 * \STEP)(a0)
  .if \MARKED
  bltz a5, marked_quarter
  .endif
  lw ra, 0(sp)
  mul a1, a5, ra
  \LOAD a5, (0 * \ROW + 1 * \STEP)(a0)
  mul a2, a5, ra
  BNM_ADD_LAST a1, s0
  \LOAD a5, (1 * \ROW + 0 * \STEP)(a0)
  mul a3, a5, ra
  BNM_ADD_LAST a1, t1
  \LOAD a5, (1 * \ROW + 1 * \STEP)(a0)
  mul a4, a5, ra
  BNM_ADD_PRODUCT a1, tp
  BNM_ADD_PRODUCT a2, t1
  BNM_ADD_LAST a3, s0
second_quarter:

  \LOAD a5, (0 * \ROW + 2 * \STEP)(a0)
  .if \MARKED
  bltz a5, 2f
  .endif
  lw ra, 8(sp)
  BNM_ADD_PRODUCT a1, ra
  BNM_ADD_LAST a2, s0
  \LOAD a5, (0 * \ROW + 3 * \STEP)(a0)
  BNM_ADD_LAST a2, ra
  \LOAD a5, (1 * \ROW + 2 * \STEP)(a0)
  .if \MARKED
  beqz a5, 6f
  .endif
  BNM_ADD_PRODUCT a1, t2
  BNM_ADD_PRODUCT a2, tp
  BNM_ADD_PRODUCT a3, ra
  BNM_ADD_LAST a4, s0
6:
  \LOAD a5, (1 * \ROW + 3 * \STEP)(a0)
  BNM_ADD_PRODUCT a2, t2
  BNM_ADD_LAST a4, ra
2:

  \LOAD a5, (2 * \ROW + 0 * \STEP)(a0)
  .if \MARKED
  bltz a5, 3f
  .endif
  lw ra, 24(sp)
  BNM_ADD_PRODUCT a1, ra
  BNM_ADD_LAST a3, t1
  \LOAD a5, (3 * \ROW + 0 * \STEP)(a0)
  BNM_ADD_LAST a3, ra
  \LOAD a5, (2 * \ROW + 1 * \STEP)(a0)
  .if \MARKED
  beqz a5, 7f
  .endif
  BNM_ADD_PRODUCT a1, s1
  BNM_ADD_PRODUCT a2, ra
  BNM_ADD_PRODUCT a3, tp
  BNM_ADD_LAST a4, t1
7:
  \LOAD a5, (3 * \ROW + 1 * \STEP)(a0)
  BNM_ADD_PRODUCT a3, s1
  BNM_ADD_LAST a4, ra
3:

  \LOAD a5, (2 * \ROW + 2 * \STEP)(a0)
  .if \MARKED
  bltz a5, 4f
  .endif
  lw ra, 32(sp)
  BNM_ADD_PRODUCT a1, ra
  BNM_ADD_PRODUCT a2, s1
  BNM_ADD_PRODUCT a3, t2
  BNM_ADD_LAST a4, tp
  \LOAD a5, (2 * \ROW + 3 * \STEP)(a0)
  BNM_ADD_PRODUCT a2, ra
  BNM_ADD_LAST a4, t2
  \LOAD a5, (3 * \ROW + 2 * \STEP)(a0)
  BNM_ADD_PRODUCT a3, ra
  BNM_ADD_LAST a4, s1
  \LOAD a5, (3 * \ROW + 3 * \STEP)(a0)
  BNM_ADD_LAST a4, ra
4:
  .endm

  /* Sums of 0 in place of those of the first quarter. */
  .macro BNM_QUARTERS_MARKED
marked_quarter:
  li a1, 0
  li a2, 0
  li a3, 0
  li a4, 0
  j second_quarter
  .endm

#endif

#endif
