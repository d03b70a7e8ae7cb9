/*
 * Straight-line code for two neighbouring sums of a convolution. Interface: bnm_conv_chain_nomul.h.
 * Encodings: The RISC-V Instruction Set Manual, volume I, chapters RV32I and "C".
 *
 * Written is, with registers s0 s1 a2 / a3 a4 a5 / t0 t1 t2 for the 3x3 inputs and a1 for the sum:
 *   9 loads from a0    a1 = 0    for each position of digits, from the highest: a1 <<= n; a1 += or -= inputs    store a1
 *   3 loads, which replace the first input of each row by the one behind its last    the same sum with registers moved on    return
 * Both sums have the same instructions but for registers and are written at the same time.
 */
#include "bnm_conv_chain_nomul.h"
#include "bnm_hot.h"

#if defined(BNM_RUN_TIME_CODE)

#define LOAD_LOW 0x0003                /* lb x0, 0(a0), first half */
#define LOAD_HIGH 0x0005               /* second half; the offset << 4 */
#define SUM_IS_ZERO 0x4581             /* c.li a1, 0 */
#define SHIFT_SUM 0x0582               /* c.slli a1, 0 */
#define ADD 0x9582                     /* c.add a1, x0; a register's number << 2 */
#define SUBTRACT_LOW 0x85B3            /* sub a1, a1, x0, first half */
#define SUBTRACT_HIGH 0x4005           /* second half; a register's number << 4 */
#define STORE_SUM (0xC02E | BNM_CODED_CONV_FIRST_SUM << 7) /* c.swsp a1, BNM_CODED_CONV_FIRST_SUM(sp) */
#define RETURN 0x8082                  /* c.jr ra */

#define WEIGHTS 9
  /* Frame: digits of the weights, 1 in bits 0 ... 7 and -1 in bits 16 ... 23; behind them all bits, which end a loop. */
#define DIGITS_END (4 * WEIGHTS)
#define SAVED (DIGITS_END + 4)
#define SUM_BYTES (SAVED + 12)
#define FRAME (SUM_BYTES + 4)

  .section .rodata.bnm_conv_code_registers, "a", @progbits
  .balign 4
  .type bnm_conv_code_registers, @object
  /* For each weight, the additions of its input to the first and to the second sum. */
bnm_conv_code_registers:
  .macro registers FIRST, SECOND
  .half ADD | \FIRST << 2, ADD | \SECOND << 2
  .endm
  registers 8, 9
  registers 9, 12
  registers 12, 8
  registers 13, 14
  registers 14, 15
  registers 15, 13
  registers 5, 6
  registers 6, 7
  registers 7, 5
  .size bnm_conv_code_registers, . - bnm_conv_code_registers

  /* COUNT += number of bits of a5, which becomes 0. */
  .macro count_bits COUNT
  beqz a5, 2f
1:
  addi a4, a5, -1
  addi \COUNT, \COUNT, 1
  and a5, a5, a4
  bnez a5, 1b
2:
  .endm

  /* a0 weights    a1 log2 of an input's bytes    a2 row bytes    a3 code */
  BNM_FUNCTION bnm_write_conv_code, 0
  addi sp, sp, -FRAME
  sw s0, SAVED(sp)
  sw s1, (SAVED + 4)(sp)
  sw ra, (SAVED + 8)(sp)

  /* t0: halfwords of a sum; t1: positions with any digit; s1: where the digits go */
  li t0, 1
  li t1, 1
  mv s1, sp
  addi t2, a0, WEIGHTS
digits:
  lb a4, 0(a0)
  addi a0, a0, 1
  /* Canonical digits of w: where w / 2 and w + w / 2 differ, the bits of the latter are 1 and those of the former -1
   * (Reitwiesner 1960). */
  srai a5, a4, 1
  add a4, a4, a5
  xor s0, a4, a5
  andi s0, s0, 255
  and a4, a4, s0
  and a5, a5, s0
  or t1, t1, s0
  slli s0, a5, 16
  or s0, s0, a4
  sw s0, 0(s1)
  addi s1, s1, 4
  /* Subtractions are twice as long. */
  slli a5, a5, 8
  or a5, a5, s0
  count_bits t0
  bne a0, t2, digits
  /* A shift before each position but the highest; behind the lowest one, if it has no digit. */
  andi a5, t1, 127
  count_bits t0

  slli t0, t0, 1
  sw t0, SUM_BYTES(sp)

  /* Loads. ra: first half of them; s1: bytes of an input << 4; s0: second half; t1: table */
  slli a4, a1, 12
  addi ra, a4, LOAD_LOW
  li s1, 16
  sll s1, s1, a1
  slli a2, a2, 4
  la t1, bnm_conv_code_registers
  mv a0, t1
  li s0, LOAD_HIGH
  li a1, WEIGHTS / 3
first_row:
  li a4, 3
first_column:
  jal t2, write_load
  addi a0, a0, 4
  add s0, s0, s1
  addi a4, a4, -1
  bnez a4, first_column
  add s0, s0, a2
  sub s0, s0, s1
  sub s0, s0, s1
  sub s0, s0, s1
  addi a1, a1, -1
  bnez a1, first_row

  /* a4: the first sum; a3: the second */
  lw t0, SUM_BYTES(sp)
  mv a4, a3
  add a3, a3, t0
  li a5, STORE_SUM
  sh a5, 0(a3)
  addi a3, a3, 2
  mv a0, t1
  slli s0, s1, 1
  add s0, s0, s1
  addi s0, s0, LOAD_HIGH
  li a1, WEIGHTS / 3
second_row:
  jal t2, write_load
  addi a0, a0, 12
  add s0, s0, a2
  addi a1, a1, -1
  bnez a1, second_row

  /* t0: mask of a position; s0: shift that is due; a1: behind the word that ends the digits */
  li a5, SUM_IS_ZERO
  jal t2, write_both
  li t0, 0x00800080
  li a5, -1
  sw a5, DIGITS_END(sp)
  addi a1, sp, DIGITS_END + 4
  li s0, 0
position:
  mv a0, sp
  mv a2, t1
  .balign 4
weight:
  .rept 3
  lw a5, 0(a0)
  addi a0, a0, 4
  addi a2, a2, 4
  and a5, a5, t0
  bnez a5, digit
  .endr
  j weight
position_end:
  addi s0, s0, 1
  srli t0, t0, 1
  andi a5, t0, 127
  bnez a5, position
  /* The last position was followed by no other. */
  addi s0, s0, -1
  beqz s0, end
  jal t2, write_shift
end:
  li a5, RETURN
  sh a5, 0(a3)
  lw s0, SAVED(sp)
  lw s1, (SAVED + 4)(sp)
  lw ra, (SAVED + 8)(sp)
  addi sp, sp, FRAME
  ret

  .balign 4
digit:
  beq a0, a1, position_end
  slli s1, a5, 16
  bnez s0, shift_first
digit_shifted:
  lw a5, -4(a2)
  addi a4, a4, 2
  addi a3, a3, 2
  srli ra, a5, 16
  beqz s1, subtraction
  sh a5, -2(a4)
  sh ra, -2(a3)
  j weight
shift_first:
  jal t2, write_shift
  j digit_shifted
subtraction:
  li s1, SUBTRACT_HIGH - (ADD << 2)
  slli a5, a5, 2
  slli ra, ra, 2
  add a5, a5, s1
  add ra, ra, s1
  sh a5, 0(a4)
  sh ra, 0(a3)
  li a5, SUBTRACT_LOW
  sh a5, -2(a4)
  sh a5, -2(a3)
  addi a4, a4, 2
  addi a3, a3, 2
  j weight

  /* Writes the shift by s0 to both sums; s0 = 0. */
write_shift:
  slli a5, s0, 2
  addi a5, a5, SHIFT_SUM
  li s0, 0
  /* Writes a5 to both sums. */
write_both:
  sh a5, 0(a4)
  sh a5, 0(a3)
  addi a4, a4, 2
  addi a3, a3, 2
  jr t2

  /* Writes the load at a0 of the table, with s0. */
write_load:
  lhu a5, 0(a0)
  andi a5, a5, 31 << 2
  slli a5, a5, 5
  add a5, a5, ra
  sh a5, 0(a3)
  sh s0, 2(a3)
  addi a3, a3, 4
  jr t2
  .size bnm_write_conv_code, . - bnm_write_conv_code

#endif
