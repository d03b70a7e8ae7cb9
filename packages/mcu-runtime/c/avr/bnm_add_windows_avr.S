/* Adds the sums of windows of any size to int32; 13 cycles a product. Interface: bnm_planes_avr.h. */
#include "bnm_avr_registers.h"
#include "bnm_planes_avr.h"

/*
 * r16 element, r17 weight, r1:r0 product, r5 its sign, r4:r3:r2 sum, r18 weights left of a row
 * Z element, X weight or sum's place, Y the struct; r7:r6 window, r9:r8 y, r11:r10 from behind a row of a window to the next row,
 * r13:r12 columns left, r15:r14 rows left, r19 rows left of a window, r20 zero, r21 one, r22 width of the kernel
 */
BNM_FUNCTION bnm_add_windows
  BNM_PUSH 2, 17
  push r28
  push r29
  movw r28, r24
  clr r20
  ldi r21, 1
  ldd r6, Y + WINDOWS_X
  ldd r7, Y + WINDOWS_X + 1
  ldd r8, Y + WINDOWS_Y
  ldd r9, Y + WINDOWS_Y + 1
  ldd r14, Y + WINDOWS_ROWS
  ldd r15, Y + WINDOWS_ROWS + 1
  ldd r22, Y + WINDOWS_KERNEL_WIDTH
  ldd r10, Y + WINDOWS_WIDTH
  ldd r11, Y + WINDOWS_WIDTH + 1
  sub r10, r22
  sbc r11, r20
1:
  ldd r12, Y + WINDOWS_COLUMNS
  ldd r13, Y + WINDOWS_COLUMNS + 1
2:
  movw r30, r6
  ldd r26, Y + WINDOWS_TAPS
  ldd r27, Y + WINDOWS_TAPS + 1
  ldd r19, Y + WINDOWS_KERNEL_HEIGHT
  clr r2
  clr r3
  clr r4
3:
  mov r18, r22
4:
  ld r16, Z+
  ld r17, X+
  muls r16, r17
  sbc r5, r5
  add r2, r0
  adc r3, r1
  adc r4, r5
  dec r18
  brne 4b
  add r30, r10
  adc r31, r11
  dec r19
  brne 3b
  movw r26, r8
  mov r5, r4
  lsl r5
  sbc r5, r5
  ld r16, X
  add r16, r2
  st X+, r16
  ld r16, X
  adc r16, r3
  st X+, r16
  ld r16, X
  adc r16, r4
  st X+, r16
  ld r16, X
  adc r16, r5
  st X+, r16
  movw r8, r26
  ldd r16, Y + WINDOWS_X_STEP
  ldd r17, Y + WINDOWS_X_STEP + 1
  add r6, r16
  adc r7, r17
  sub r12, r21
  sbc r13, r20
  brne 2b
  ldd r16, Y + WINDOWS_X_SKIP
  ldd r17, Y + WINDOWS_X_SKIP + 1
  add r6, r16
  adc r7, r17
  ldd r16, Y + WINDOWS_Y_SKIP
  ldd r17, Y + WINDOWS_Y_SKIP + 1
  add r8, r16
  adc r9, r17
  sub r14, r21
  sbc r15, r20
  brne 1b
  clr r1
  pop r29
  pop r28
  BNM_POP 17, 2
  ret
  .size bnm_add_windows, . - bnm_add_windows
