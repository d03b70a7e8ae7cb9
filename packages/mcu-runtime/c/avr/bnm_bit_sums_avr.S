/*
 * Sums of single bits, eight outputs in a byte. Interface: bnm_linear_parts.h.
 * 42 cycles an entry where half of the bits are set, 5.2 a weight.
 */
#include "bnm_avr_registers.h"

/* r24 list, r22 entries, r20 weights, r18 sums */
  .macro BNM_BIT SUM0, SUM1
  lsr r24
  brcc .+4
  add \SUM0, r25
  adc \SUM1, r1
  .endm

  .macro BNM_STORE SUM0, SUM1
  st X+, \SUM0
  st X+, \SUM1
  st X+, r1
  st X+, r1
  .endm

BNM_FUNCTION bnm_bit_sums
  BNM_PUSH 2, 17
  movw r26, r24
  movw r30, r20
  BNM_CLEAR 2, 17
1:
  ld r24, X+
  lsr r24
  lsr r24
  add r30, r24
  adc r31, r1
  ld r25, X+
  lpm r24, Z+
  BNM_BIT r2, r3
  BNM_BIT r4, r5
  BNM_BIT r6, r7
  BNM_BIT r8, r9
  BNM_BIT r10, r11
  BNM_BIT r12, r13
  BNM_BIT r14, r15
  BNM_BIT r16, r17
  dec r22
  brne 1b
  movw r26, r18
  BNM_STORE r2, r3
  BNM_STORE r4, r5
  BNM_STORE r6, r7
  BNM_STORE r8, r9
  BNM_STORE r10, r11
  BNM_STORE r12, r13
  BNM_STORE r14, r15
  BNM_STORE r16, r17
  BNM_POP 17, 2
  ret
  .size bnm_bit_sums, . - bnm_bit_sums
