/*
 * Blocks of 16 outputs from sums of subsets, for RV32E. Interface and meaning: bnm_subset_sums.h, bnm_subset_blocks.c. A weight takes
 * about 3.3 cycles on the CH32V003.
 *
 * a0 subsets    a1 acc    a2 a3 a4 a5 codes of outputs 0, 1, 2, 3 and those 4, 8, 12 further; then a5 sum, and the fourth codes in t2
 * s0 scratch    s1 mask    t0 column    t1 end of acc    ra end of the block's first four
 */
#include "bnm_hot.h"
#include "bnm_subset_sums.h"

#if defined(BNM_RV32E)

  /* The codes of two inputs, one of each table. */
  .macro fetch CODES, ROW
  lw s0, (4 * \ROW)(a0)
  add s0, s0, t0
  lhu \CODES, 0(s0)
  lw s0, (4 * (\ROW + BNM_SUBSET_INPUTS))(a0)
  add s0, s0, t0
  lhu s0, 0(s0)
  slli s0, s0, 16
  or \CODES, \CODES, s0
  .endm

  /* SWAP of bnm_subset_blocks.c. */
  .macro swap_bits LOW, HIGH, WIDTH
  mv s0, \LOW
  srli s0, s0, \WIDTH
  xor s0, s0, \HIGH
  and s0, s0, s1
  xor \HIGH, \HIGH, s0
  slli s0, s0, \WIDTH
  xor \LOW, \LOW, s0
  .endm

  .macro add_sum TABLE
  and s0, s0, s1
  add s0, s0, a0
  lw s0, (BNM_SUBSET_SUMS + \TABLE * BNM_SUBSET_TABLE_BYTES)(s0)
  add a5, a5, s0
  .endm

  BNM_HOT_FUNCTION bnm_subset_blocks
  addi sp, sp, -12
  sw ra, 8(sp)
  sw s0, 4(sp)
  sw s1, 0(sp)
  mv t0, a1
  slli a3, a3, 6
  add t1, a2, a3
  mv a1, a2
block:
  fetch a2, 0
  fetch a3, 1
  fetch a4, 2
  fetch a5, 3
  addi t0, t0, 2
  li s1, 0x55555555
  swap_bits a2, a3, 1
  swap_bits a4, a5, 1
  li s1, 0x33333333
  swap_bits a2, a4, 2
  swap_bits a3, a5, 2
  mv t2, a5
  /* Of four codes, which are an offset in a table. */
  li s1, 15 << 2
  addi ra, a1, 16
  .balign 4
outputs:
  .set output, 0
  .rept 4
  lw a5, (16 * output)(a1)
  .if output == 0
  slli s0, a2, 2
  .else
  srli s0, a2, 4 * output - 2
  .endif
  add_sum 0
  srli s0, a2, 16 + 4 * output - 2
  add_sum 1
  sw a5, (16 * output)(a1)
  .set output, output + 1
  .endr
  mv a2, a3
  mv a3, a4
  mv a4, t2
  addi a1, a1, 4
  bne a1, ra, outputs
  addi a1, a1, 48
  bne a1, t1, block

  lw ra, 8(sp)
  lw s0, 4(sp)
  lw s1, 0(sp)
  addi sp, sp, 12
  ret
  .size bnm_subset_blocks, . - bnm_subset_blocks

#endif
