/*
 * Assembly for RV32E with a multiplier: blocks of 8 outputs from a list of differences, with codes of BITS bits, 4 or 3. Interface
 * and meaning: bnm_difference_list.h, bnm_mul_block.h. An item (8 weights) takes 24 cycles on the CH32V002.
 *
 * a0 item    a1 words    a2 0x0FFF0FFF    a4 value    a5 word    s0 end of the list    a3 s1 scratch
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
  .if \BITS == 3
  and a5, a5, a2
  .endif
  mul s1, a5, a4
  add t0, t0, s1
  srli a5, a5, \BITS
  and a5, a5, a2
  mul s1, a5, a4
  add t1, t1, s1
  srli a5, a5, \BITS
  and a5, a5, a2
  mul s1, a5, a4
  add t2, t2, s1
  srli a5, a5, \BITS
  and a5, a5, a2
  mul s1, a5, a4
  add ra, ra, s1
  .endm

  .macro BNM_MUL_BLOCKS NAME, BITS
  BNM_WIDE_FUNCTION \NAME
  BNM_BLOCKS_BEGIN
  li a2, 0x0FFF0FFF
block:
  lw s0, BNM_LIST_LAST(a0)
  addi a0, a0, BNM_LIST_ITEMS
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

  /* A sum holds 2^BITS times the next one's: as numbers modulo 2^32 they stay exact although their halves run over. */
  slli s1, t1, \BITS
  sub t0, t0, s1
  slli s1, t2, \BITS
  sub t1, t1, s1
  slli s1, ra, \BITS
  sub t2, t2, s1
  BNM_UNPACK_SUMS BNM_LIST_SHIFT, BNM_LIST_OFFSET
  BNM_BLOCKS_NEXT block, BNM_LIST_X, BNM_LIST_X_END
  BNM_BLOCKS_END
  .size \NAME, . - \NAME
  .endm

#endif

#endif
