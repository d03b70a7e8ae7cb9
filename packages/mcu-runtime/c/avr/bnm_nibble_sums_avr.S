/*
 * Sums of numbers of 4 bits, two in a byte. Interface: bnm_linear_parts.h.
 * Of a byte 16 * high + low both the sum of difference * byte (24 bits) and that of difference * low (16 bits) are kept: the sum
 * of the high numbers is a sixteenth of what is between them. So no number but the low one has to be taken out.
 * 61 cycles an entry, 7.6 a weight.
 */
#include "bnm_avr_registers.h"

/* r24 list, r22 entries, r20 weights, r18 sums */
  .macro BNM_BYTE LOW0, LOW1, ALL0, ALL1, ALL2
  lpm r24, Z+
  mul r25, r24
  add \ALL0, r0
  adc \ALL1, r1
  adc \ALL2, r23
  andi r24, 15
  mul r25, r24
  add \LOW0, r0
  adc \LOW1, r1
  .endm

  .macro BNM_STORE LOW0, LOW1, ALL0, ALL1, ALL2
  st X+, \LOW0
  st X+, \LOW1
  st X+, r23
  st X+, r23
  sub \ALL0, \LOW0
  sbc \ALL1, \LOW1
  sbc \ALL2, r23
  /* The quotient has 16 bits. */
  swap \ALL0
  swap \ALL1
  swap \ALL2
  ldi r24, 15
  ldi r25, 0xf0
  and \ALL0, r24
  mov r22, \ALL1
  and r22, r25
  or \ALL0, r22
  and \ALL1, r24
  and \ALL2, r25
  or \ALL1, \ALL2
  st X+, \ALL0
  st X+, \ALL1
  st X+, r23
  st X+, r23
  .endm

BNM_FUNCTION bnm_nibble_sums
  BNM_PUSH 2, 17
  push r28
  push r29
  movw r26, r24
  movw r30, r20
  movw r28, r18
  BNM_CLEAR 2, 21
  clr r23
1:
  ld r24, X+
  add r30, r24
  adc r31, r23
  ld r25, X+
  BNM_BYTE r2, r3, r4, r5, r6
  BNM_BYTE r7, r8, r9, r10, r11
  BNM_BYTE r12, r13, r14, r15, r16
  BNM_BYTE r17, r18, r19, r20, r21
  dec r22
  brne 1b
  movw r26, r28
  BNM_STORE r2, r3, r4, r5, r6
  BNM_STORE r7, r8, r9, r10, r11
  BNM_STORE r12, r13, r14, r15, r16
  BNM_STORE r17, r18, r19, r20, r21
  clr r1
  pop r29
  pop r28
  BNM_POP 17, 2
  ret
  .size bnm_nibble_sums, . - bnm_nibble_sums
