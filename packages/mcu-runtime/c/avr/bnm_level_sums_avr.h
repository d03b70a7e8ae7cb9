/*
 * Sums of sixteen levels that no straight line gives, two codes of 4 bits in a byte. Interface: bnm_linear_parts.h.
 * Codes from 8 on are added, the others subtracted; their magnitudes are in a table in RAM that 16 divides the address of.
 * About 15 cycles a weight.
 */
#include "bnm_avr_registers.h"

/* Adds difference * level of the code in r24; r24 keeps its other half. Y points into the table. */
  .macro BNM_LEVEL SUM0, SUM1, SUM2
  mov r28, r24
  andi r28, 15
  or r28, r23
  ld r28, Y
  mul r25, r28
  sbrs r24, 3
  rjmp 2f
  add \SUM0, r0
  adc \SUM1, r1
  adc \SUM2, r22
  rjmp 3f
2:
  sub \SUM0, r0
  sbc \SUM1, r1
  sbc \SUM2, r22
3:
  .endm

  .macro BNM_STORE_LEVELS SUM0, SUM1, SUM2
  mov r24, \SUM2
  lsl r24
  sbc r24, r24
  st X+, \SUM0
  st X+, \SUM1
  st X+, \SUM2
  st X+, r24
  .endm

/* r24 list, r22 entries, r20 weights, r18 sums */
  .macro BNM_LEVEL_SUMS NAME, TABLE
  BNM_FUNCTION \NAME
  BNM_PUSH 2, 14
  push r28
  push r29
  movw r26, r24
  movw r30, r20
  mov r14, r22
  BNM_CLEAR 2, 13
  clr r22
  ldi r23, lo8(\TABLE)
  ldi r29, hi8(\TABLE)
1:
  ld r24, X+
  lsr r24
  add r30, r24
  adc r31, r22
  ld r25, X+
  lpm r24, Z+
  BNM_LEVEL r2, r3, r4
  swap r24
  BNM_LEVEL r5, r6, r7
  lpm r24, Z+
  BNM_LEVEL r8, r9, r10
  swap r24
  BNM_LEVEL r11, r12, r13
  dec r14
  breq 4f
  rjmp 1b
4:
  movw r26, r18
  BNM_STORE_LEVELS r2, r3, r4
  BNM_STORE_LEVELS r5, r6, r7
  BNM_STORE_LEVELS r8, r9, r10
  BNM_STORE_LEVELS r11, r12, r13
  clr r1
  pop r29
  pop r28
  BNM_POP 14, 2
  ret
  .size \NAME, . - \NAME
  .endm
