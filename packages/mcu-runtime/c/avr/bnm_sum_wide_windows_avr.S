/*
 * Sums of windows of 3x3 over planes of int16, 14 wide, with elements from 0 on. Interface: bnm_planes_avr.h.
 * 18 cycles a product: the low byte without a sign, then the high one.
 */
#include "bnm_avr_registers.h"

#define PLANE_WIDTH 14

/*
 * r16 ... r21 the first six weights, r23 each of the others, r22 low byte, r24 high byte, r1:r0 product, r25 its sign
 * r5:r4:r3:r2 sum, Y element, X sum's place, Z the last three weights, r6 columns, r7 columns left, r8 rows left
 * r9 from behind the last window of a row to the next row, in bytes
 */
  .macro BNM_PRODUCT ROW, COLUMN, WEIGHT
  ldd r22, Y + 2 * (PLANE_WIDTH * \ROW + \COLUMN)
  ldd r24, Y + 2 * (PLANE_WIDTH * \ROW + \COLUMN) + 1
  mulsu \WEIGHT, r22
  sbc r25, r25
  add r2, r0
  adc r3, r1
  adc r4, r25
  adc r5, r25
  muls \WEIGHT, r24
  sbc r25, r25
  add r3, r0
  adc r4, r1
  adc r5, r25
  .endm

/* r24 x, r22 taps, r20 rows, r18 columns, r16 y */
BNM_FUNCTION bnm_sum_wide_windows
  BNM_PUSH 2, 9
  push r16
  push r17
  push r28
  push r29
  movw r28, r24
  movw r26, r16
  movw r30, r22
  mov r8, r20
  mov r6, r18
  ldi r25, PLANE_WIDTH
  sub r25, r18
  lsl r25
  mov r9, r25
  ld r16, Z+
  ld r17, Z+
  ld r18, Z+
  ld r19, Z+
  ld r20, Z+
  ld r21, Z+
1:
  mov r7, r6
2:
  clr r2
  clr r3
  clr r4
  clr r5
  BNM_PRODUCT 0, 0, r16
  BNM_PRODUCT 0, 1, r17
  BNM_PRODUCT 0, 2, r18
  BNM_PRODUCT 1, 0, r19
  BNM_PRODUCT 1, 1, r20
  BNM_PRODUCT 1, 2, r21
  ld r23, Z
  BNM_PRODUCT 2, 0, r23
  ldd r23, Z + 1
  BNM_PRODUCT 2, 1, r23
  ldd r23, Z + 2
  BNM_PRODUCT 2, 2, r23
  st X+, r2
  st X+, r3
  st X+, r4
  st X+, r5
  adiw r28, 2
  dec r7
  breq 3f
  rjmp 2b
3:
  clr r25
  add r28, r9
  adc r29, r25
  dec r8
  breq 4f
  rjmp 1b
4:
  clr r1
  pop r29
  pop r28
  pop r17
  pop r16
  BNM_POP 9, 2
  ret
  .size bnm_sum_wide_windows, . - bnm_sum_wide_windows
