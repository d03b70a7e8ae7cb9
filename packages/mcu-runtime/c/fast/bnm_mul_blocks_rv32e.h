/*
 * Assembly for RV32E with a multiplier: blocks of 8 outputs from a list of differences, with codes of BITS bits, 4 or 3. Interface
 * and meaning: bnm_difference_list.h, bnm_mul_block.h. An item (8 weights) takes 25 cycles on the CH32V002.
 *
 * a0 item    a1 words    a2 mask of two codes    a4 value    a5 word    s0 end of the list    a3 s1 scratch
 * t0 t1 t2 ra sums of outputs 0|4, 1|5, 2|6, 3|7
 */
#ifndef BNM_MUL_BLOCKS_RV32E_H
#define BNM_MUL_BLOCKS_RV32E_H

#include "bnm_difference_list.h"
#include "bnm_hot.h"
#include "bnm_unpack_sums.h"

#ifdef __ASSEMBLER__

  .macro BNM_MUL_ITEM BITS, AT
  lhu a3, (4 * \AT)(a0)
  lhu a4, (4 * \AT + 2)(a0)
  add a3, a3, a1
  lw a5, 0(a3)
  srli a3, a5, \BITS
  and s1, a5, a2
  mul s1, s1, a4
  add t0, t0, s1
  and a3, a3, a2
  mul a3, a3, a4
  add t1, t1, a3
  srli a3, a5, 2 * \BITS
  and a3, a3, a2
  mul a3, a3, a4
  add t2, t2, a3
  srli a5, a5, 3 * \BITS
  and a5, a5, a2
  mul a5, a5, a4
  add ra, ra, a5
  .endm

  .macro BNM_MUL_BLOCKS NAME, BITS
  BNM_HOT_FUNCTION \NAME
  BNM_BLOCKS_BEGIN
  li a2, ((1 << \BITS) - 1) * 0x10001
block:
  lw s0, BNM_LIST_LAST(a0)
  li t0, 0
  li t1, 0
  li t2, 0
  li ra, 0
  /* Two items in a turn: an odd list begins in the middle. */
  sub a3, s0, a0
  andi a3, a3, 4
  beqz a3, turn
  addi a0, a0, -4
  j second

  .balign 4
turn:
  BNM_MUL_ITEM \BITS, 0
second:
  BNM_MUL_ITEM \BITS, 1
  addi a0, a0, 8
  bltu a0, s0, turn

  BNM_UNPACK_SUMS BNM_LIST_SHIFT, BNM_LIST_OFFSET
  BNM_BLOCKS_NEXT block, BNM_LIST_X, BNM_LIST_X_END
  BNM_BLOCKS_END
  .size \NAME, . - \NAME
  .endm

#endif

#endif
