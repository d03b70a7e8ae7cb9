/*
 * Blocks of 8 outputs by look-up, for RV32E. Interface and meaning: bnm_lookup_products.h, bnm_lookup4_blocks.c. A weight takes about
 * 8 cycles.
 *
 * a0 tables    a1 words    a2 acc    s0 s1 a4 a5 the four inputs' words    a3 index and product    t0 sum
 * t1 block's bytes    t2 end of acc
 */
#include "bnm_hot.h"
#include "bnm_lookup_products.h"

#if defined(BNM_RV32E)

  BNM_HOT_FUNCTION bnm_lookup4_blocks
  addi sp, sp, -8
  sw s0, 4(sp)
  sw s1, 0(sp)
  slli a3, a3, 5
  add t2, a2, a3
  lw t1, BNM_LOOKUP_BLOCK_BYTES(a0)

  .macro fetch WORD, INPUT
  lhu \WORD, (BNM_LOOKUP_OFFSETS + 2 * \INPUT)(a0)
  add \WORD, \WORD, a1
  lw \WORD, 0(\WORD)
  .endm

  /* Twice the code of output OUTPUT is the offset of its product. */
  .macro product WORD, INPUT, OUTPUT
  .if \OUTPUT == 0
  slli a3, \WORD, 1
  .else
  srli a3, \WORD, (4 * \OUTPUT - 1)
  .endif
  andi a3, a3, 30
  add a3, a3, a0
  lh a3, (BNM_LOOKUP_TABLE_BYTES * \INPUT)(a3)
  add t0, t0, a3
  .endm

  .balign 4
block:
  fetch s0, 0
  fetch s1, 1
  fetch a4, 2
  fetch a5, 3
  .set output, 0
  .rept 8
  lw t0, (4 * output)(a2)
  product s0, 0, output
  product s1, 1, output
  product a4, 2, output
  product a5, 3, output
  sw t0, (4 * output)(a2)
  .set output, output + 1
  .endr
  add a1, a1, t1
  addi a2, a2, 32
  bne a2, t2, block

  mv a0, a1
  lw s0, 4(sp)
  lw s1, 0(sp)
  addi sp, sp, 8
  ret
  .size bnm_lookup4_blocks, . - bnm_lookup4_blocks

#endif
