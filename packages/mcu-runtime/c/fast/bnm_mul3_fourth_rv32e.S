/*
 * A block of 8 outputs whose 3-bit codes are in the words of three others, from a list of differences, for RV32E with a multiplier.
 * Interface and meaning: bnm_difference_list.h, bnm_mul3_fourth.c.
 *
 * a0 item    a1 words of the third block    a2 mask of two codes    a4 value    a5 word    s0 mask of the free nibbles    a3 s1 scratch
 * tp bytes between blocks; saved like s0, see bnm_conv_block.h
 * t0 t1 t2 ra sums of outputs 0|4, 1|5, 2|6, 3|7
 */
#include "bnm_difference_list.h"
#include "bnm_hot.h"
#include "bnm_three_bits.h"
#include "bnm_unpack_sums.h"

#if defined(BNM_RV32E) && defined(__riscv_mul)

  /* In place of the number of blocks. */
#define FRAME_LAST BNM_FRAME_BLOCKS

  /* SUM += value * the codes from bit AT of the word on */
  .macro add_codes SUM, AT
  srli s1, a5, \AT
  and s1, s1, a2
  mul s1, s1, a4
  add \SUM, \SUM, s1
  .endm

  BNM_HOT_FUNCTION bnm_mul3_fourth
  addi sp, sp, -4
  sw tp, 0(sp)
  BNM_BLOCKS_BEGIN
  lw a5, BNM_LIST_LAST(a0)
  lw a4, BNM_LIST_X(a0)
  lw tp, BNM_LIST_X_END(a0)
  sw a5, FRAME_LAST(sp)
  sub tp, tp, a4
  slli tp, tp, 2
  add a1, a1, tp
  add a1, a1, tp
  li a2, 0x00070007
  addi a0, a0, BNM_LIST_ITEMS
  li s0, BNM_FREE_NIBBLES
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
  sub a3, a3, tp
  lw s1, 0(a3)
  and a5, a5, s0
  srli a5, a5, 4
  and s1, s1, s0
  or a5, a5, s1
  sub a3, a3, tp
  lw s1, 0(a3)
  srli a5, a5, 4
  and s1, s1, s0
  or a5, a5, s1
  addi a0, a0, 4
  /* The word is at bit 4. */
  add_codes t0, 4
  add_codes t1, 7
  add_codes t2, 10
  add_codes ra, 13
  lw a3, FRAME_LAST(sp)
  bltu a0, a3, item

  BNM_UNPACK_SUMS BNM_LIST_SHIFT, BNM_LIST_OFFSET
  lw ra, 24(sp)
  lw s0, 20(sp)
  lw s1, 16(sp)
  lw tp, 28(sp)
  addi sp, sp, 32
  ret
  .size bnm_mul3_fourth, . - bnm_mul3_fourth

#endif
