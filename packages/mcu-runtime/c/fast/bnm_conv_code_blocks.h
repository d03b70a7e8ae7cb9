/*
 * Assembly for RV32E that runs the code of bnm_write_conv_code() on blocks. Interface: bnm_conv_chain_nomul.h.
 *
 * That code takes the address of the first input in a0 and keeps it, leaves the first sum in the frame and the second one in
 * a1, and changes every other register but sp, gp and tp.
 */
#ifndef BNM_CONV_CODE_BLOCKS_H
#define BNM_CONV_CODE_BLOCKS_H

#include "bnm_conv_chain_nomul.h"
#include "bnm_hot.h"

#ifdef __ASSEMBLER__

  /* KEPT: a word for the functions themselves. */
#define KEPT 36
#define FRAME 56

  .macro BNM_CODED_FRAME_BEGIN
  addi sp, sp, -FRAME
  sw ra, 52(sp)
  sw s0, 48(sp)
  sw s1, 44(sp)
  .irp offset, 0, 4, 8, 12, 16, 20, 24, 28
  lw a3, \offset(a0)
  sw a3, \offset(sp)
  .endr
  .endm

  /* The sums of the first row of a block. */
  .macro BNM_CODED_BLOCK_BEGIN
  lw a5, BNM_CODED_CONV_PLACE(sp)
  lbu a4, 0(a5)
  lw a0, BNM_CODED_CONV_FROM(sp)
  lw a3, BNM_CODED_CONV_FROM_SHIFT(sp)
  lw a1, BNM_CODED_CONV_CODE(sp)
  sll a4, a4, a3
  add a0, a0, a4
  jalr a1
  .endm

  .macro BNM_CODED_SECOND_ROW
  lw a4, BNM_CODED_CONV_ROW_BYTES(sp)
  lw a1, BNM_CODED_CONV_CODE(sp)
  add a0, a0, a4
  jalr a1
  .endm

  /* On to BLOCK; a5: the place of this one. */
  .macro BNM_CODED_BLOCK_END BLOCK
  addi a5, a5, 2
  sw a5, BNM_CODED_CONV_PLACE(sp)
  lw a4, BNM_CODED_CONV_END(sp)
  bne a5, a4, \BLOCK
  lw ra, 52(sp)
  lw s0, 48(sp)
  lw s1, 44(sp)
  addi sp, sp, FRAME
  ret
  .endm

  .macro BNM_CODED_RELU SUM
  bgez \SUM, 1f
  li \SUM, 0
1:
  .endm

#endif

#endif
