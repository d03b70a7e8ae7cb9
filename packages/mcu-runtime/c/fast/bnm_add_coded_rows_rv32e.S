/*
 * Rows of coded weights for RV32E. Interface: ../src/bnm_linear_coded.h; meaning: ../src/bnm_add_coded_rows.c, which it replaces.
 * From RAM a weight takes 11 cycles and some 2.5 more for its share of reading the stream and of the loop, an input 120 besides, and one
 * that is passed over 13.
 *
 * t1 holds 32 bits of the stream, of which the next word begins with bit t0 + 2, so that a shift by t0 makes it an offset into the table of
 * products. t0 grows by entries of that table: their lowest 5 bits, those that count in a shift, are the lengths. Below 16 there are three
 * words in t1 for certain; from 16 on its low half gives way.
 *
 * s0 x    tp its end (no interrupt handler uses it on these parts)    s1 lengths    t2 stream    ra mode value    a3 end of the sums
 * In a row: a1 what to read next    a2 sums    a4 a5 temporary. The table is at sp.
 */
#include "bnm_hot.h"
#include "bnm_linear_coded.h"

#if defined(BNM_RV32E)

#define TURN 6
#define FRAME_FILL (4 * BNM_CODED_WORDS)
#define FRAME_ENTRY (FRAME_FILL + 4)
#define FRAME_SUMS (FRAME_FILL + 8)
#define FRAME_TP (FRAME_FILL + 12)
#define FRAME_S1 (FRAME_FILL + 16)
#define FRAME_S0 (FRAME_FILL + 20)
#define FRAME_RA (FRAME_FILL + 24)
#define FRAME (FRAME_FILL + 28)

  .macro WEIGHT AT
  srl a4, t1, t0
  andi a4, a4, 4 * BNM_CODED_WORDS - 4
  add a4, a4, sp
  lw a5, 0(a4)
  lw a4, \AT(a2)
  add t0, t0, a5
  add a4, a4, a5
  sw a4, \AT(a2)
  .endm

  .macro READ
  andi a4, t0, 16
  beqz a4, 1f
  lhu a4, 0(a1)
  addi a1, a1, 2
  slli a4, a4, 16
  srli t1, t1, 16
  or t1, t1, a4
  addi t0, t0, -16
1:
  .endm

  BNM_HOT_FUNCTION bnm_add_coded_rows
  .option norelax
  addi sp, sp, -FRAME
  sw ra, FRAME_RA(sp)
  sw s0, FRAME_S0(sp)
  sw s1, FRAME_S1(sp)
  sw tp, FRAME_TP(sp)
  lw s0, BNM_CODED_X(a0)
  lw tp, BNM_CODED_X_END(a0)
  lw s1, BNM_CODED_LENGTHS(a0)
  lw t2, BNM_CODED_STREAM(a0)
  lw ra, BNM_CODED_MODE(a0)
  lw a4, BNM_CODED_FILL(a0)
  sw a4, FRAME_FILL(sp)
  lw a3, BNM_CODED_SUMS_END(a0)
  /* A row begins with its last weights of a turn, where turns do not go up in it. */
  lw a2, BNM_CODED_SUMS(a0)
  lw a5, BNM_CODED_TURN(a0)
  la a4, entries
  add a4, a4, a5
  lbu a4, 0(a4)
  la a1, turn
  add a4, a4, a1
  sw a4, FRAME_ENTRY(sp)
  beqz a5, whole
  slli a5, a5, 2
  add a2, a2, a5
  addi a2, a2, -4 * TURN
whole:
  sw a2, FRAME_SUMS(sp)
  j next

  .balign 4
turn:
  WEIGHT 0
second:
  WEIGHT 4
third:
  WEIGHT 8
  READ
fourth:
  WEIGHT 12
fifth:
  WEIGHT 16
sixth:
  WEIGHT 20
  READ
  addi a2, a2, 4 * TURN
  bne a2, a3, turn
next:
  beq s0, tp, done
  lb a0, 0(s0)
  lbu a5, 0(s1)
  addi s0, s0, 1
  addi s1, s1, 1
  sub a0, a0, ra
  add t2, t2, a5
  beqz a0, next
  slli a0, a0, BNM_CODED_SUM
  lw a4, FRAME_FILL(sp)
  jalr t0, 0(a4) /* takes a0, returns by t0, changes a1, a2, a4 */
  lw a2, FRAME_SUMS(sp)
  /* Halfwords are read from the one before the stream's first byte. */
  sub a1, t2, a5
  andi a5, a1, 1
  slli a4, a5, 3
  li t0, 14
  sub t0, t0, a4
  add a1, a1, a5
  lhu t1, -2(a1)
  lhu a5, 0(a1)
  lw a4, FRAME_ENTRY(sp)
  addi a1, a1, 2
  slli a5, a5, 16
  or t1, t1, a5
  jr a4

done:
  lw tp, FRAME_TP(sp)
  lw s1, FRAME_S1(sp)
  lw s0, FRAME_S0(sp)
  lw ra, FRAME_RA(sp)
  addi sp, sp, FRAME
  ret
entries:
  .byte turn - turn, sixth - turn, fifth - turn, fourth - turn, third - turn, second - turn
  .balign 2
  .size bnm_add_coded_rows, . - bnm_add_coded_rows

#endif
