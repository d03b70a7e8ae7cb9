/*
 * Assembly for RV32E: blocks of 8 outputs from the nibble lists, with codes of BITS bits. Interface and meaning: bnm_nibble_lists.h,
 * bnm_nibble_block.h. On the CH32V003 an input (8 weights) takes 16 cycles for each nonzero nibble, and a header 13.
 *
 * a0 stream    a1 words less 4, as inputs begin with 1    a5 0x0FFF0FFF    s1 scratch    tp where headers lead to (no interrupt handler uses it on these parts)
 * t0 t1 t2 ra run    s0 a2 a3 a4 total
 */
#ifndef BNM_NIBBLE_BLOCKS_RV32E_H
#define BNM_NIBBLE_BLOCKS_RV32E_H

#include "bnm_hot.h"
#include "bnm_nibble_lists.h"
#include "bnm_unpack_sums.h"

#ifdef __ASSEMBLER__

  /* A header n leads to the slot that ends 32 * (n - 1) bytes before `group`: that of the n-th item from the end. */
#define SLOT 32

#define FRAME_SPILL 28 /* 4 while the high nibbles are added to acc on their own, else 0 */
#define FRAME_TP 32

  /* BITS: 4, or 3, of which the words have others' bits in the nibbles that four codes leave over in each half. */
  .macro BNM_NIBBLE_BLOCKS NAME, BITS
  BNM_HOT_FUNCTION \NAME
  .option norelax
  addi sp, sp, -8
  sw tp, 4(sp)
  addi a1, a1, -4
  BNM_BLOCKS_BEGIN
  la tp, group + SLOT
block:
  addi a0, a0, BNM_NIBBLES_HIGH
  j stream

  .balign 4
spill: /* BNM_NIBBLES_SPILL */
  li s1, 4
  j sums
stream:
  li a5, 0x0FFF0FFF
  li s0, 0
  li a2, 0
  li a3, 0
  li a4, 0
  li t0, 0
  li t1, 0
  li t2, 0
  li ra, 0
  j group
  .org spill + SLOT
finish: /* BNM_NIBBLES_FINISH */
  li s1, 0
sums:
  sw s1, FRAME_SPILL(sp)
  slli s1, a2, \BITS
  sub t0, s0, s1
  slli s1, a3, \BITS
  sub t1, a2, s1
  slli s1, a4, \BITS
  sub t2, a3, s1
  mv ra, a4
  j unpack
  .org finish + SLOT
shift: /* BNM_NIBBLES_SHIFT */
  slli s0, s0, 4
  slli a2, a2, 4
  slli a3, a3, 4
  slli a4, a4, 4
  li t0, 0
  li t1, 0
  li t2, 0
  li ra, 0
  lw a0, BNM_FRAME_INPUTS(sp)
  addi a0, a0, BNM_NIBBLES_LOW
  j group
  .org shift + SLOT
items:
  .set item, BNM_NIBBLES_GROUP
  .rept BNM_NIBBLES_GROUP
  lbu s1, -item(a0)
  slli s1, s1, 2
  add s1, s1, a1
  lw s1, 0(s1)
  .if \BITS == 3
  and s1, s1, a5
  .endif
  add t0, t0, s1
  srli s1, s1, \BITS
  and s1, s1, a5
  add t1, t1, s1
  srli s1, s1, \BITS
  and s1, s1, a5
  add t2, t2, s1
  srli s1, s1, \BITS
  and s1, s1, a5
  .if \BITS == 3
  add ra, ra, s1
  .else
  .option push
  .option norvc
  add ra, ra, s1
  .option pop
  .endif
  .set item, item - 1
  .endr
  .if . - items != SLOT * BNM_NIBBLES_GROUP
  .error "an item must fill its slot"
  .endif
group:
  lb s1, 0(a0)
  bltz s1, same_nibble
  add s0, s0, t0
  add a2, a2, t1
  add a3, a3, t2
  add a4, a4, ra
  add a0, a0, s1
  slli s1, s1, 5
  sub s1, tp, s1
  jr s1
same_nibble:
  sub a0, a0, s1
  slli s1, s1, 5
  add s1, s1, tp
  jr s1

unpack:
  lw a5, BNM_FRAME_INPUTS(sp)
  lw a1, BNM_FRAME_ACC(sp)
  lw a3, BNM_NIBBLES_SHIFT_BY(a5)
  lw a4, BNM_NIBBLES_OFFSET(a5)
  lw s1, FRAME_SPILL(sp)
  beqz s1, shifted
  add a3, a3, s1
  li a4, 0
shifted:
  li s1, 16
  sub s1, s1, a3
  BNM_UNPACK_PAIR t0, 0, 16
  BNM_UNPACK_PAIR t1, 4, 20
  BNM_UNPACK_PAIR t2, 8, 24
  BNM_UNPACK_PAIR ra, 12, 28
  lw a5, FRAME_SPILL(sp)
  beqz a5, next_block
  lw a1, BNM_FRAME_WORDS(sp)
  lw a0, BNM_FRAME_INPUTS(sp)
  addi a0, a0, BNM_NIBBLES_LOW
  j stream
next_block:
  BNM_BLOCKS_NEXT block, BNM_NIBBLES_X, BNM_NIBBLES_X_END
  addi a0, a1, 4
  lw s1, 16(sp)
  lw s0, 20(sp)
  lw ra, 24(sp)
  lw tp, FRAME_TP(sp)
  addi sp, sp, 36
  ret
  .size \NAME, . - \NAME
  .endm

#endif

#endif
