/*
 * Adds one input's products of 2-bit weights, for RV32E. Interface: bnm_linear_rows.h; meaning: bnm_add_row_2bitsym.c. About 12
 * cycles a weight.
 *
 * a0 row    a1 end of whole groups of acc    a2 codes    a3 acc    a4 sum    a5 product    t0 outputs
 */
#include "bnm_hot.h"

#if defined(BNM_RV32E)

  /* acc[AT] += product of the code in a5, times 4. */
  .macro add_product AT
  andi a5, a5, 12
  add a5, a5, sp
  lw a5, 0(a5)
  lw a4, (4 * \AT)(a3)
  add a4, a4, a5
  sw a4, (4 * \AT)(a3)
  .endm

  BNM_HOT_FUNCTION bnm_add_row_2bitsym
  addi sp, sp, -16
  slli a5, a2, 1
  add a5, a5, a2
  sw a5, 12(sp)
  sw a2, 8(sp)
  neg a2, a2
  sw a2, 4(sp)
  neg a5, a5
  sw a5, 0(sp)
  mv t0, a1
  srli a1, a1, 2
  slli a1, a1, 4
  add a1, a1, a3
  beq a3, a1, last
  .balign 4
group:
  lbu a2, 0(a0)
  addi a0, a0, 1
  slli a5, a2, 2
  add_product 0
  mv a5, a2
  add_product 1
  srli a5, a2, 2
  add_product 2
  srli a5, a2, 4
  add_product 3
  addi a3, a3, 16
  bne a3, a1, group
last:
  andi t0, t0, 3
  beqz t0, done
  lbu a2, 0(a0)
  slli a2, a2, 2
rest:
  mv a5, a2
  add_product 0
  srli a2, a2, 2
  addi a3, a3, 4
  addi t0, t0, -1
  bnez t0, rest
done:
  addi sp, sp, 16
  ret
  .size bnm_add_row_2bitsym, . - bnm_add_row_2bitsym

#endif
