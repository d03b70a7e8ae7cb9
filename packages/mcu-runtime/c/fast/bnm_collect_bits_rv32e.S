/*
 * Lists of inputs by bit, for RV32E. Interface and meaning: bnm_bit_lists.h, bnm_collect_bits.c. About 7 cycles for an
 * input at the mode value and 60 for another, with the ends of seven lists in registers.
 *
 * a0 next input    a1 end of inputs    a5 difference and scratch    s1 offset    ra mode
 * t0 t1 t2 s0 a2 a3 a4 ends of the lists of bits 6 ... 0; that of bit 7 is on the stack
 */
#include "bnm_bit_lists.h"
#include "bnm_hot.h"

#if defined(BNM_RV32E)

#define PLANES 0
#define START 4  /* of the inputs, plus 1 */
#define TOP 8    /* end of the list of bit 7 */
#define CREDIT 12 /* inputs that surely fit */
#define SCRATCH 16
#define SIGN 20
#define ENTRY(BIT) ((7 - (BIT)) * BNM_BIT_LIST_BYTES)
#define LIST(BIT) ((7 - (BIT)) * BNM_BIT_LIST_BYTES + BNM_BIT_LIST_OFFSETS)
#define LIST_END(BIT) (LIST(BIT) + 2 * BNM_BIT_LIST_CAPACITY)

  BNM_WARM_FUNCTION bnm_collect_bits
  addi sp, sp, -36
  sw ra, 32(sp)
  sw s0, 28(sp)
  sw s1, 24(sp)
  sw a0, PLANES(sp)
  lw a1, BNM_BIT_LISTS_X(a0)
  lw ra, BNM_BIT_LISTS_MODE(a0)
  lw s1, BNM_BIT_LISTS_SIGN(a0)
  addi a1, a1, 1
  sw a1, START(sp)
  li a1, BNM_BIT_LIST_CAPACITY
  sw a1, CREDIT(sp)
  sw s1, SIGN(sp)
  addi a1, a0, LIST(7)
  sw a1, TOP(sp)
  addi t0, a0, LIST(6)
  addi t1, a0, LIST(5)
  addi t2, a0, LIST(4)
  addi s0, a0, LIST(3)
  addi a2, a0, LIST(2)
  addi a3, a0, LIST(1)
  addi a4, a0, LIST(0)
  lw a1, BNM_BIT_LISTS_X_END(a0)
  lw a0, BNM_BIT_LISTS_NEXT(a0)
  j next

  .balign 4
loop:
  lb a5, 0(a0)
  addi a0, a0, 1
  bne a5, ra, listed
next:
  bltu a0, a1, loop

done:
  lw a5, PLANES(sp)
  sw a0, BNM_BIT_LISTS_NEXT(a5)
  lw a0, TOP(sp)
  sw a0, ENTRY(7)(a5)
  sw t0, ENTRY(6)(a5)
  sw t1, ENTRY(5)(a5)
  sw t2, ENTRY(4)(a5)
  sw s0, ENTRY(3)(a5)
  sw a2, ENTRY(2)(a5)
  sw a3, ENTRY(1)(a5)
  sw a4, ENTRY(0)(a5)
  lw ra, 32(sp)
  lw s0, 28(sp)
  lw s1, 24(sp)
  addi sp, sp, 36
  ret

below:
  lw s1, PLANES(sp)
  sw a5, BNM_BIT_LISTS_BELOW(s1)
  j next

bit_7:
  sw a0, SCRATCH(sp)
  lw a0, TOP(sp)
  sh s1, 0(a0)
  addi a0, a0, 2
  sw a0, TOP(sp)
  lw a0, SCRATCH(sp)
  j other_bits

  .balign 4
listed:
  sub a5, a5, ra
  lw s1, SIGN(sp)
  xor a5, a5, s1
  sub a5, a5, s1
  bltz a5, below
  lw s1, START(sp)
  sub s1, a0, s1
  slli s1, s1, 2
  slli a5, a5, 24
  bltz a5, bit_7
other_bits:
  .macro bit END
  slli a5, a5, 1
  bgez a5, 1f
  sh s1, 0(\END)
  addi \END, \END, 2
1:
  .endm
  bit t0
  bit t1
  bit t2
  bit s0
  bit a2
  bit a3
  bit a4
  lw a5, CREDIT(sp)
  addi a5, a5, -1
  sw a5, CREDIT(sp)
  blez a5, check_lists
  bltu a0, a1, loop
  j done

check_lists:
  /* Any list could be full now. */
  .macro check END, BIT
  addi s1, a5, LIST_END(\BIT)
  beq s1, \END, done
  .endm
  lw a5, PLANES(sp)
  check t0, 6
  check t1, 5
  check t2, 4
  check s0, 3
  check a2, 2
  check a3, 1
  check a4, 0
  lw s1, TOP(sp)
  addi a5, a5, LIST_END(7)
  bne a5, s1, next
  j done
  .size bnm_collect_bits, . - bnm_collect_bits

#endif
