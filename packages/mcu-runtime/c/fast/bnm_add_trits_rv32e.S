/*
 * What the Ternary weights of a channel add to two pairs of outputs, for RV32E. Interface: bnm_signed_digits.h; meaning: bnm_add_trits.c.
 * A byte of 5 weights is a fraction, in the highest byte of a word: below 1/3 its first weight is -1, from 2/3 on 1, and times 3 it is the
 * fraction of the others. Cycles on the CH32V003: bench/ternary-lists.mjs.
 *
 * a0 columns left    a1 a2 a3 a4 sums    a5 fraction    s0 element    s1 scratch    t0 from pair to pair    t1 1/3    t2 2/3    ra codes
 * tp row
 */
#include "bnm_hot.h"
#include "bnm_signed_digits.h"

#if defined(BNM_RV32E)

#define SUMS 0
#define SECOND_SUMS 4
#define FRAME_BYTES 24

  .macro add_elements OPERATION
  lb s1, 0(s0)
  \OPERATION a1, a1, s1
  lb s1, 1(s0)
  \OPERATION a2, a2, s1
  add s0, s0, t0
  lb s1, 0(s0)
  \OPERATION a3, a3, s1
  lb s1, 1(s0)
  \OPERATION a4, a4, s1
  sub s0, s0, t0
  .endm

  .macro weight IS_LAST
  bgeu a5, t1, 1f
  add_elements sub
  j 2f
1:
  bltu a5, t2, 2f
  add_elements add
2:
  .if \IS_LAST == 0
  slli s1, a5, 1
  add a5, a5, s1
  .endif
  addi s0, s0, 1
  addi a0, a0, -1
  bnez a0, 3f
  jal s1, next_row
3:
  .endm

  BNM_HOT_FUNCTION bnm_add_trits
  addi sp, sp, -FRAME_BYTES
  sw ra, 20(sp)
  sw tp, 16(sp)
  sw s0, 12(sp)
  sw s1, 8(sp)
  sw a3, SUMS(sp)
  sw a4, SECOND_SUMS(sp)
  mv tp, a0
  mv s0, a1
  mv t0, a2
  lw a5, BNM_ROW_ROWS(a0)
  sw a5, BNM_ROW_ROWS_LEFT(a0)
  lw a5, BNM_ROW_PLANES(a0)
  sw a5, BNM_ROW_PLANES_LEFT(a0)
  lw ra, BNM_ROW_CODES(a0)
  lw a0, BNM_ROW_COLUMNS(a0)
  li a1, 0
  li a2, 0
  li a3, 0
  li a4, 0
  lui t1, 0x56000
  lui t2, 0xAB000
  .balign 4
five_weights:
  lbu a5, 0(ra)
  addi ra, ra, 1
  slli a5, a5, 24
  weight 0
  weight 0
  weight 0
  weight 0
  weight 1
  j five_weights

  /* The next row of the kernel; goes on at s1. */
next_row:
  lw a0, BNM_ROW_ROWS_LEFT(tp)
  addi a0, a0, -1
  beqz a0, next_plane
same_plane:
  sw a0, BNM_ROW_ROWS_LEFT(tp)
  lw a0, BNM_ROW_PLANE_WIDTH(tp)
  add s0, s0, a0
  lw a0, BNM_ROW_COLUMNS(tp)
  sub s0, s0, a0
  jr s1
next_plane:
  lw a0, BNM_ROW_PLANES_LEFT(tp)
  addi a0, a0, -1
  beqz a0, all_done
  sw a0, BNM_ROW_PLANES_LEFT(tp)
  lw a0, BNM_ROW_NEXT_PLANE(tp)
  add s0, s0, a0
  lw a0, BNM_ROW_ROWS(tp)
  j same_plane
all_done:
  lw a0, SUMS(sp)
  sw a1, 0(a0)
  sw a2, 4(a0)
  lw a0, SECOND_SUMS(sp)
  sw a3, 0(a0)
  sw a4, 4(a0)
  lw s1, 8(sp)
  lw s0, 12(sp)
  lw tp, 16(sp)
  lw ra, 20(sp)
  addi sp, sp, FRAME_BYTES
  ret
  .size bnm_add_trits, . - bnm_add_trits

#endif
