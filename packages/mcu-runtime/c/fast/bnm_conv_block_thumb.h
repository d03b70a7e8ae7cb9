/*
 * Assembly for Armv6-M (Cortex-M0+ with the one-cycle multiplier): the four sums of a block, from 4x4 inputs. GCC keeps nine weights and
 * four sums in memory; here six weights at a time are in registers, which is all that a row of inputs needs.
 *
 * r0 first input    r1 input    r2 product    r3 r4 r5 first row of weights, later the third
 * r6 r7 r12 second row of weights    r8 r9 r10 r11 sums    lr place of the block
 */
#ifndef BNM_CONV_BLOCK_THUMB_H
#define BNM_CONV_BLOCK_THUMB_H

#ifdef __ASSEMBLER__

  /* Weights as words at the bottom of the frame, registers above it. */
#define BNM_BLOCK_WEIGHTS_BYTES 36
#define BNM_BLOCK_SAVED_BYTES 36

  .macro BNM_BLOCK_ENTER NAME, FRAME
  BNM_THUMB_FUNCTION \NAME
  push {r4-r7, lr}
  mov r4, r8
  mov r5, r9
  mov r6, r10
  mov r7, r11
  push {r4-r7}
  sub sp, #\FRAME
  .endm

  .macro BNM_BLOCK_LEAVE FRAME
  add sp, #\FRAME
  pop {r4-r7}
  mov r8, r4
  mov r9, r5
  mov r10, r6
  mov r11, r7
  pop {r4-r7, pc}
  .endm

  /* A row of weights from 0 or 24 bytes above sp. */
  .macro BNM_BLOCK_OUTER_ROW AT
  add r2, sp, #\AT
  ldmia r2!, {r3-r5}
  .endm

  /* SUM += r1 * WEIGHT */
  .macro BNM_ADD_PRODUCT SUM, WEIGHT, FIRST=add
  mov r2, \WEIGHT
  muls r2, r1, r2
  \FIRST \SUM, r2
  .endm

  /* The same with the last use of an input; WEIGHT: r3 ... r7. */
  .macro BNM_ADD_LAST SUM, WEIGHT, FIRST=add
  muls r1, \WEIGHT, r1
  \FIRST \SUM, r1
  .endm

  /* Past four products where the input is 0: 3 cycles in place of 11, 2 more where it is not. */
  .macro BNM_SKIP_ZERO SKIP
  .if \SKIP
  cmp r1, #0
  beq 9f
  .endif
  .endm

  /*
   * FIRST  `mov`, or `add` where the sums hold something already
   * LOAD   a macro: the input at ROW, COLUMN into r1
   * NEXT   a macro: r0 before the inputs of row 1, 2, 3
   * SKIP   1 where many inputs are 0
   */
  .macro BNM_BLOCK_SUMS FIRST, LOAD, NEXT, SKIP
  BNM_BLOCK_OUTER_ROW 0
  \LOAD 0, 0
  BNM_ADD_LAST r8, r3, \FIRST
  \LOAD 0, 1
  BNM_ADD_PRODUCT r9, r3, \FIRST
  BNM_ADD_LAST r8, r4
  \LOAD 0, 2
  BNM_ADD_PRODUCT r8, r5
  BNM_ADD_LAST r9, r4
  \LOAD 0, 3
  BNM_ADD_LAST r9, r5

  \NEXT 1
  \LOAD 1, 0
  BNM_ADD_PRODUCT r10, r3, \FIRST
  BNM_ADD_LAST r8, r6
  \LOAD 1, 1
  BNM_ADD_PRODUCT r11, r3, \FIRST
  BNM_SKIP_ZERO \SKIP
  BNM_ADD_PRODUCT r8, r7
  BNM_ADD_PRODUCT r9, r6
  BNM_ADD_LAST r10, r4
9:
  \LOAD 1, 2
  BNM_SKIP_ZERO \SKIP
  BNM_ADD_PRODUCT r8, r12
  BNM_ADD_PRODUCT r9, r7
  BNM_ADD_PRODUCT r10, r5
  BNM_ADD_LAST r11, r4
9:
  \LOAD 1, 3
  BNM_ADD_PRODUCT r9, r12
  BNM_ADD_LAST r11, r5

  BNM_BLOCK_OUTER_ROW 24
  \NEXT 2
  \LOAD 2, 0
  BNM_ADD_PRODUCT r8, r3
  BNM_ADD_LAST r10, r6
  \LOAD 2, 1
  BNM_SKIP_ZERO \SKIP
  BNM_ADD_PRODUCT r8, r4
  BNM_ADD_PRODUCT r9, r3
  BNM_ADD_PRODUCT r10, r7
  BNM_ADD_LAST r11, r6
9:
  \LOAD 2, 2
  BNM_SKIP_ZERO \SKIP
  BNM_ADD_PRODUCT r8, r5
  BNM_ADD_PRODUCT r9, r4
  BNM_ADD_PRODUCT r10, r12
  BNM_ADD_LAST r11, r7
9:
  \LOAD 2, 3
  BNM_ADD_PRODUCT r11, r12
  BNM_ADD_LAST r9, r5

  \NEXT 3
  \LOAD 3, 0
  BNM_ADD_LAST r10, r3
  \LOAD 3, 1
  BNM_ADD_PRODUCT r10, r4
  BNM_ADD_LAST r11, r3
  \LOAD 3, 2
  BNM_ADD_PRODUCT r10, r5
  BNM_ADD_LAST r11, r4
  \LOAD 3, 3
  BNM_ADD_LAST r11, r5
  .endm

#endif

#endif
