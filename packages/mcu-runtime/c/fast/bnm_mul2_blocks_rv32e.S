/*
 * Blocks of 16 outputs from a list of differences, for RV32E with a multiplier. Interface and meaning: bnm_difference_list.h,
 * bnm_mul2_blocks.c. A half of a block takes 33 cycles an item on the CH32V002.
 *
 * a0 item    a1 words    a2 0x00030003    a4 value    a5 word    s0 end of the list    a3 s1 scratch
 * tp first bit of the half: 0 or 8; saved like s0, see bnm_conv_block.h
 * t0 t1 t2 ra sums of the half's outputs 0|8, 1|9, 2|10, 3|11
 */
#include "bnm_difference_list.h"
#include "bnm_hot.h"
#include "bnm_unpack_sums.h"

#if defined(BNM_RV32E) && defined(__riscv_mul)

  BNM_HOT_FUNCTION bnm_mul2_blocks
  addi sp, sp, -4
  sw tp, 0(sp)
  BNM_BLOCKS_BEGIN
  li a2, 0x00030003
  li tp, 0
half:
  lw s0, BNM_LIST_LAST(a0)
  addi a0, a0, BNM_LIST_ITEMS
  li t0, 0
  li t1, 0
  li t2, 0
  li ra, 0
  .balign 4
item:
  lhu a3, 0(a0)
  lhu a4, 2(a0)
  add a3, a3, a1
  lw a5, 0(a3)
  addi a0, a0, 4
  srl a5, a5, tp
  and s1, a5, a2
  mul s1, s1, a4
  add t0, t0, s1
  srli a3, a5, 2
  and a3, a3, a2
  mul a3, a3, a4
  add t1, t1, a3
  srli a3, a5, 4
  and a3, a3, a2
  mul a3, a3, a4
  add t2, t2, a3
  srli a5, a5, 6
  and a5, a5, a2
  mul a5, a5, a4
  add ra, ra, a5
  bltu a0, s0, item

  lw a5, BNM_FRAME_INPUTS(sp)
  lw a1, BNM_FRAME_ACC(sp)
  lw a3, BNM_LIST_SHIFT(a5)
  lw a4, BNM_LIST_OFFSET(a5)
  li s1, 16
  sub s1, s1, a3
  BNM_UNPACK_PAIR t0, 0, 32
  BNM_UNPACK_PAIR t1, 4, 36
  BNM_UNPACK_PAIR t2, 8, 40
  BNM_UNPACK_PAIR ra, 12, 44
  addi a1, a1, 16
  bnez tp, block_done
  li tp, 8
  sw a1, BNM_FRAME_ACC(sp)
  lw a0, BNM_FRAME_INPUTS(sp)
  lw a1, BNM_FRAME_WORDS(sp)
  j half
block_done:
  li tp, 0
  BNM_BLOCKS_NEXT half, BNM_LIST_X, BNM_LIST_X_END
  mv a0, a1
  lw ra, 24(sp)
  lw s0, 20(sp)
  lw s1, 16(sp)
  lw tp, 28(sp)
  addi sp, sp, 32
  ret
  .size bnm_mul2_blocks, . - bnm_mul2_blocks

#endif
