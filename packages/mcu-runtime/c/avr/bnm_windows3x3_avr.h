/* The loop over windows of 3x3; what is done with a sum is the macro BNM_USE_SUM. BNM_SMALL_SUMS: sums fit 16 bits. Interface: bnm_planes_avr.h. */
#include "bnm_avr_registers.h"
#include "bnm_planes_avr.h"

/*
 * r17 ... r25 weights, r16 element, r1:r0 product, r5 its sign, r4:r3:r2 sum
 * Y element, X sum's place, Z columns left, r13:r12 the struct, r15:r14 rows left
 * r8:r7 width, r10:r9 from the third row of a window to the first one of the next window, r11 shift, r6 zero
 */
  .macro BNM_ADD_PRODUCT WEIGHT
  muls r16, \WEIGHT
#if defined(BNM_SMALL_SUMS)
  add r2, r0
  adc r3, r1
#else
  sbc r5, r5
  add r2, r0
  adc r3, r1
  adc r4, r5
#endif
  .endm

  .macro BNM_PRODUCT OFFSET, WEIGHT
  ldd r16, Y + \OFFSET
  BNM_ADD_PRODUCT \WEIGHT
  .endm

  .macro BNM_WINDOWS3X3 NAME
  BNM_FUNCTION \NAME
  BNM_PUSH 2, 17
  push r28
  push r29
  movw r12, r24
  movw r30, r24
  clr r6
  ldd r28, Z + WINDOWS_X
  ldd r29, Z + WINDOWS_X + 1
  ldd r14, Z + WINDOWS_ROWS
  ldd r15, Z + WINDOWS_ROWS + 1
  ldd r7, Z + WINDOWS_WIDTH
  ldd r8, Z + WINDOWS_WIDTH + 1
  ldd r9, Z + WINDOWS_X_STEP
  ldd r10, Z + WINDOWS_X_STEP + 1
  sub r9, r7
  sbc r10, r8
  sub r9, r7
  sbc r10, r8
  ldd r11, Z + WINDOWS_SHIFT
  ldd r26, Z + WINDOWS_TAPS
  ldd r27, Z + WINDOWS_TAPS + 1
  ld r17, X+
  ld r18, X+
  ld r19, X+
  ld r20, X+
  ld r21, X+
  ld r22, X+
  ld r23, X+
  ld r24, X+
  ld r25, X+
  ldd r26, Z + WINDOWS_Y
  ldd r27, Z + WINDOWS_Y + 1
1:
  movw r30, r12
  ldd r16, Z + WINDOWS_COLUMNS
  ldd r31, Z + WINDOWS_COLUMNS + 1
  mov r30, r16
2:
  ld r16, Y
  muls r16, r17
#if !defined(BNM_SMALL_SUMS)
  sbc r4, r4
#endif
  movw r2, r0
  BNM_PRODUCT 1, r18
  BNM_PRODUCT 2, r19
  add r28, r7
  adc r29, r8
  ld r16, Y
  BNM_ADD_PRODUCT r20
  BNM_PRODUCT 1, r21
  BNM_PRODUCT 2, r22
  add r28, r7
  adc r29, r8
  ld r16, Y
  BNM_ADD_PRODUCT r23
  BNM_PRODUCT 1, r24
  BNM_PRODUCT 2, r25
  add r28, r9
  adc r29, r10
  BNM_USE_SUM
  sbiw r30, 1
  breq 3f
  rjmp 2b
3:
  movw r30, r12
  ldd r16, Z + WINDOWS_X_SKIP
  ldd r5, Z + WINDOWS_X_SKIP + 1
  add r28, r16
  adc r29, r5
  ldd r16, Z + WINDOWS_Y_SKIP
  ldd r5, Z + WINDOWS_Y_SKIP + 1
  add r26, r16
  adc r27, r5
  ldi r16, 1
  sub r14, r16
  sbc r15, r6
  breq 4f
  rjmp 1b
4:
  clr r1
  pop r29
  pop r28
  BNM_POP 17, 2
  ret
  .size \NAME, . - \NAME
  .endm
