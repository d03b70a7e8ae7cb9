/*
 * Blocks of 8 outputs from a list of differences, for RV32E with a multiplier. Interface and meaning:
 * bnm_difference_list.h, bnm_mul4_blocks.c. An item (8 weights) takes 25 cycles on the CH32V002.
 *
 * a0 item    a1 words    a2 0x000F000F    a4 value    a5 word    s0 end of the list    a3 s1 scratch
 * t0 t1 t2 ra sums of outputs 0|4, 1|5, 2|6, 3|7
 */
#include "bnm_difference_list.h"
#include "bnm_hot.h"
#include "bnm_unpack_sums.h"

#if defined(BNM_RV32E) && defined(__riscv_mul)

  BNM_HOT_FUNCTION bnm_mul4_blocks
  BNM_BLOCKS_BEGIN
  li a2, 0x000F000F
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

  .macro item AT
  lhu a3, (4 * \AT)(a0)
  lhu a4, (4 * \AT + 2)(a0)
  add a3, a3, a1
  lw a5, 0(a3)
  srli a3, a5, 4
  and s1, a5, a2
  mul s1, s1, a4
  add t0, t0, s1
  and a3, a3, a2
  mul a3, a3, a4
  add t1, t1, a3
  srli a3, a5, 8
  and a3, a3, a2
  mul a3, a3, a4
  add t2, t2, a3
  srli a5, a5, 12
  and a5, a5, a2
  mul a5, a5, a4
  add ra, ra, a5
  .endm

  .balign 4
turn:
  item 0
second:
  item 1
  addi a0, a0, 8
  bltu a0, s0, turn

  BNM_UNPACK_SUMS BNM_LIST_SHIFT, BNM_LIST_OFFSET
  BNM_BLOCKS_NEXT block, BNM_LIST_X, BNM_LIST_X_END
  BNM_BLOCKS_END
  .size bnm_mul4_blocks, . - bnm_mul4_blocks

#endif
