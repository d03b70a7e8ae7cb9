/*
 * Five ternary outputs from a list of differences, for RV32E with a multiplier. Interface and meaning: bnm_five_trits.h, bnm_five_trits.c.
 * Cycles a weight on the CH32V002: bench/fast-kernels.mjs.
 *
 * a0 item    a1 end of the list    a2 column    a3 9, then prefixes    a4 codes    a5 scratch    ra value    t0 t1 t2 s0 s1 sums    tp 3
 */
#include "bnm_five_trits.h"
#include "bnm_hot.h"

#if defined(BNM_RV32E) && defined(__riscv_mul)

  /* The number of one more trit, and that of two more, which stays in a4: code is short where parts fetch it slowly. */
  .macro BNM_ADD_ONE_MORE SUM
  mul a5, a4, tp
  srli a5, a5, 8
  mul a5, a5, ra
  add \SUM, \SUM, a5
  .endm
  .macro BNM_ADD_TWO_MORE SUM
  mul a4, a4, a3
  srli a5, a4, 8
  mul a5, a5, ra
  add \SUM, \SUM, a5
  .endm

  BNM_HOT_FUNCTION bnm_five_trits
  addi sp, sp, -20
  sw ra, 0(sp)
  sw s0, 4(sp)
  sw s1, 8(sp)
  sw tp, 12(sp)
  sw a3, 16(sp)
  li tp, 3
  li a3, 9
  li t0, 0
  li t1, 0
  li t2, 0
  li s0, 0
  li s1, 0
  .balign 4
item:
  lhu a4, 0(a0)
  lhu ra, 2(a0)
  add a4, a4, a2
  lbu a4, 0(a4)
  addi a0, a0, 4
  BNM_ADD_ONE_MORE t0
  BNM_ADD_TWO_MORE t1
  BNM_ADD_ONE_MORE t2
  BNM_ADD_TWO_MORE s0
  BNM_ADD_ONE_MORE s1
  bne a0, a1, item
  lw a3, 16(sp)
  sw t0, 0(a3)
  sw t1, 4(a3)
  sw t2, 8(a3)
  sw s0, 12(a3)
  sw s1, 16(a3)
  lw ra, 0(sp)
  lw s0, 4(sp)
  lw s1, 8(sp)
  lw tp, 12(sp)
  addi sp, sp, 20
  ret
  .size bnm_five_trits, . - bnm_five_trits

#endif
