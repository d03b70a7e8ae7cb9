/*
 * Blocks of 8 outputs from the bit lists, for RV32E. Interface and meaning: bnm_bit_lists.h, bnm_bits4_blocks.c.
 * GCC spills here; with everything in registers an item (8 weights of one input, one bit) takes 11 cycles on the CH32V003.
 *
 * a0 list    a1 words    a2 0x00FF00FF    a3 even lanes    a4 odd lanes    a5 word and scratch    s0 0x0F0F0F0F    s1 scratch
 * t0 t1 t2 ra sums of outputs 0|4, 1|5, 2|6, 3|7
 */
#include "bnm_bit_lists.h"
#include "bnm_hot.h"
#include "bnm_unpack_sums.h"

#if defined(BNM_RV32E)

#define FIRST BNM_BIT_LISTS_FIRST

  BNM_HOT_FUNCTION bnm_bits4_blocks
  BNM_BLOCKS_BEGIN
  /* Entries: as many items of 20 bytes before the end of the chain as the list has. */
  la t0, items_end
  la t1, finish
  sw t1, BNM_BIT_LISTS_END(a0)
  addi t1, a0, BNM_BIT_LISTS_END
  mv a3, a0
enter:
  lhu a4, BNM_BIT_LIST_COUNT(a3)
  slli a5, a4, 4
  slli a4, a4, 2
  add a5, a5, a4
  sub a5, t0, a5
  sw a5, 0(a3)
  addi a3, a3, BNM_BIT_LIST_BYTES
  bne a3, t1, enter

  li s0, 0x0F0F0F0F
  li a2, 0x00FF00FF
block:
  lw a0, FIRST(a0)
  li t0, 0
  li t1, 0
  li t2, 0
  li ra, 0
  lw a5, 0(a0)
  li a3, 0
  li a4, 0
  jr a5

  /* A list enters at its number of items before the end. */
  .balign 4
  .set item, BNM_BIT_LIST_CAPACITY
  .rept BNM_BIT_LIST_CAPACITY
  .set item, item - 1
  lhu s1, (BNM_BIT_LIST_OFFSETS + 2 * item)(a0)
  add s1, s1, a1
  lw a5, 0(s1)
  and s1, a5, s0
  srli a5, a5, 4
  and a5, a5, s0
  add a3, a3, s1
  add a4, a4, a5
  .endr
items_end:
  /* Horner: every sum doubles, then takes in its lane. */
  slli t0, t0, 1
  slli t1, t1, 1
  slli t2, t2, 1
  slli ra, ra, 1
  and a5, a3, a2
  add t0, t0, a5
  srli a3, a3, 8
  and a3, a3, a2
  add t2, t2, a3
  and a5, a4, a2
  add t1, t1, a5
  srli a4, a4, 8
  and a4, a4, a2
  add ra, ra, a4
  addi a0, a0, BNM_BIT_LIST_BYTES
  lw a5, 0(a0)
  li a3, 0
  li a4, 0
  jr a5

finish:
  BNM_UNPACK_SUMS BNM_BIT_LISTS_SHIFT, BNM_BIT_LISTS_OFFSET
  BNM_BLOCKS_NEXT block, BNM_BIT_LISTS_X, BNM_BIT_LISTS_X_END
  BNM_BLOCKS_END
  .size bnm_bits4_blocks, . - bnm_bits4_blocks

#endif
