/*
 * ReLU and dynamic normalization, for Armv6-M. Interface: bnm.h; meaning: ../src/bnm_shift_norm_relu.c, which it replaces. About 18 cycles
 * a value.
 *
 * The positive values together have the bit length of their maximum, so that it is found without comparing. None is above 128 when it is
 * shifted, and 128 is 127 after value - (value >> 7).
 *
 * r0 acc    r1 its end    r2 y    r3 r6 values    r4 shift    r5 half of 2^shift    r7 scratch
 */
#include "bnm_hot.h"

#if defined(BNM_THUMB)

  .macro BNM_RELU VALUE
  asrs r7, \VALUE, #31
  bics \VALUE, r7
  .endm

  .macro BNM_NORMALIZE VALUE, AT
  BNM_RELU \VALUE
  adds \VALUE, \VALUE, r5
  lsrs \VALUE, r4
  lsrs r7, \VALUE, #7
  subs \VALUE, \VALUE, r7
  strb \VALUE, [r2, #\AT]
  .endm

  BNM_THUMB_FUNCTION bnm_shift_norm_relu
  push {r4-r7, lr}
  mov r12, r1
  lsls r1, r1, #2
  adds r1, r1, r0
  mov r4, r0
  movs r5, #0
  /* Two values in a turn, after the first one of an odd count. */
  mov r3, r12
  lsls r3, r3, #31
  beq bits_next
  ldmia r4!, {r5}
  BNM_RELU r5
  b bits_next
bits:
  ldmia r4!, {r3, r6}
  BNM_RELU r3
  orrs r5, r3
  BNM_RELU r6
  orrs r5, r6
bits_next:
  cmp r4, r1
  bne bits

  movs r4, #0
  lsrs r5, r5, #7
  beq scale
length:
  adds r4, #1
  lsrs r5, r5, #1
  bne length
  movs r5, #1
  lsls r5, r4
  lsrs r5, r5, #1
scale:
  mov r3, r12
  lsls r3, r3, #31
  beq pairs_next
  ldmia r0!, {r3}
  BNM_NORMALIZE r3, 0
  adds r2, #1
  b pairs_next
pairs:
  ldmia r0!, {r3, r6}
  BNM_NORMALIZE r3, 0
  BNM_NORMALIZE r6, 1
  adds r2, #2
pairs_next:
  cmp r0, r1
  bne pairs
  pop {r4-r7, pc}
  .size bnm_shift_norm_relu, . - bnm_shift_norm_relu

#endif
