/*
 * Products of weights as code, for RV32E. Interface: bnm_layer_code.h.
 * Encodings: The RISC-V Instruction Set Manual, volume I, chapters RV32I and "C".
 *
 * a0 code    a1 what is left of a weight    a2 bit of a position    a3 positions in use    a5 register of the position << 7
 * s0 weights    s1 their end    t1 c.mv x0, t1    t2 second half of a load
 */
#include "bnm_hot.h"
#include "bnm_layer_code.h"

#if defined(BNM_RUN_TIME_CODE)

#define LOAD_LOW 0x8303  /* lb t1, 0(t0), first half */
#define LOAD_HIGH 2      /* second half; the offset << 4 */
#define MOVE 0x801A      /* c.mv x0, t1; a register's number << 7; c.add with bit 12 */
#define SUBTRACT_LOW 0x0033  /* sub x0, x0, t1, first half; numbers << 7 and << 15 */
#define SUBTRACT_HIGH 0x4060 /* second half; the second number >> 1 */
#define FIRST_REGISTER (8 << 7)

#define WRITER 0
#define LAST 4
#define SAVED 8
#define FRAME 16

  BNM_WARM_FUNCTION bnm_write_products
  addi sp, sp, -FRAME
  sw s0, SAVED(sp)
  sw s1, (SAVED + 4)(sp)
  sw a0, WRITER(sp)
  mv s0, a1
  mv s1, a2
  lw a4, BNM_CODE_WRITER_LAST(a0)
  lw a3, BNM_CODE_WRITER_POSITIONS(a0)
  lw t2, BNM_CODE_WRITER_OFFSET(a0)
  lw a0, BNM_CODE_WRITER_CODE(a0)
  sw a4, LAST(sp)
  slli t2, t2, 4
  addi t2, t2, LOAD_HIGH
  li t1, MOVE
weight:
  lw a4, LAST(sp)
  bltu a4, a0, end
  lh a1, 0(s0)
  addi s0, s0, 2
  beqz a1, next_weight
  li a4, LOAD_LOW
  sh a4, 0(a0)
  sh t2, 2(a0)
  addi a0, a0, 4
  li a5, FIRST_REGISTER
  li a2, 1
position:
  .rept 2
  andi a4, a1, 1
  bnez a4, digit
  srai a1, a1, 1
  slli a2, a2, 1
  addi a5, a5, 128
  .endr
  j position

  /* The digit that leaves a multiple of 4: the next position has none. */
digit:
  mv a4, a3
  and a4, a4, a2
  or a3, a3, a2
  snez a4, a4
  andi t0, a1, 2
  srai a1, a1, 2
  bnez t0, minus
  slli a4, a4, 12
  add a4, a4, t1
  or a4, a4, a5
  sh a4, 0(a0)
  addi a0, a0, 2
  slli a2, a2, 2
  addi a5, a5, 256
  bnez a1, position
next_weight:
  addi t2, t2, 16
  bne s0, s1, weight
end:
  lw a5, WRITER(sp)
  srli t2, t2, 4
  sw a0, BNM_CODE_WRITER_CODE(a5)
  sw a3, BNM_CODE_WRITER_POSITIONS(a5)
  sw t2, BNM_CODE_WRITER_OFFSET(a5)
  mv a0, s0
  lw s0, SAVED(sp)
  lw s1, (SAVED + 4)(sp)
  addi sp, sp, FRAME
  ret

minus:
  addi a1, a1, 1
  /* a4: the register's number, or 0 where it holds nothing yet. */
  neg a4, a4
  and a4, a4, a5
  srli a4, a4, 7
  slli t0, a4, 15
  or t0, t0, a5
  addi t0, t0, SUBTRACT_LOW
  sh t0, 0(a0)
  srli a4, a4, 1
  li t0, SUBTRACT_HIGH
  add a4, a4, t0
  sh a4, 2(a0)
  addi a0, a0, 4
  slli a2, a2, 2
  addi a5, a5, 256
  bnez a1, position
  j next_weight
  .size bnm_write_products, . - bnm_write_products

#endif
