/*
 * Blocks of 5 outputs from sums of three inputs, for RV32E without a multiplier. Interface and meaning: bnm_trit_sums.h, bnm_trit_blocks.c.
 * A weight takes about 8.5 cycles on the CH32V003.
 *
 * a0 trits    a1 acc    a2 a3 lanes    a4 a5 scratch    s0 mask of trits    s1 mask of offsets in the table    t0 column    t1 end of acc
 * t2 the first table's sum
 */
#include "bnm_hot.h"
#include "bnm_trit_sums.h"

#if defined(BNM_RV32E) && !defined(__riscv_mul)

  .macro fetch LANES, TABLE
  .set input, 0
  .rept BNM_TRIT_INPUTS
  lw a4, (4 * (BNM_TRIT_INPUTS * \TABLE + input))(a0)
  add a4, a4, t0
  .if input == 0
  lbu \LANES, 0(a4)
  .else
  lbu a4, 0(a4)
  slli a4, a4, BNM_TRIT_LANE * input
  or \LANES, \LANES, a4
  .endif
  .set input, input + 1
  .endr
  .endm

  /* a4: the sum by the next trits. */
  .macro next_sum LANES, TABLE
  mv a5, \LANES
  slli a5, a5, 1
  add \LANES, \LANES, a5
  mv a4, \LANES
  and a4, a4, s0
  xor \LANES, \LANES, a4
  mv a5, a4
  srli a5, a5, 8
  or a4, a4, a5
  srli a5, a5, 8
  or a4, a4, a5
  srli a4, a4, 6
  and a4, a4, s1
  add a4, a4, a0
  lh a4, (BNM_TRIT_SUMS + 2 * \TABLE)(a4)
  .endm

  BNM_HOT_FUNCTION bnm_trit_blocks
  addi sp, sp, -8
  sw s0, 4(sp)
  sw s1, 0(sp)
  mv t0, a1
  slli a4, a3, 4
  slli a3, a3, 2
  add a4, a4, a3
  add t1, a2, a4
  mv a1, a2
  li s0, BNM_TRIT_MASK
  li s1, 63 << 2
  .balign 4
block:
  fetch a2, 0
  fetch a3, 1
  .set output, 0
  .rept BNM_TRIT_OUTPUTS
  next_sum a2, 0
  mv t2, a4
  next_sum a3, 1
  lw a5, (4 * output)(a1)
  add a5, a5, t2
  add a5, a5, a4
  sw a5, (4 * output)(a1)
  .set output, output + 1
  .endr
  addi t0, t0, 1
  addi a1, a1, 4 * BNM_TRIT_OUTPUTS
  bne a1, t1, block

  lw s0, 4(sp)
  lw s1, 0(sp)
  addi sp, sp, 8
  ret
  .size bnm_trit_blocks, . - bnm_trit_blocks

#endif
