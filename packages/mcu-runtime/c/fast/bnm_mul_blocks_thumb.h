/*
 * Assembly for Armv6-M (Cortex-M0+ with the one-cycle multiplier): blocks of 8 outputs from a list of differences. Interface and
 * meaning: bnm_difference_list.h, bnm_mul_block.h. GCC has too few low registers for it.
 *
 * r0 item    r1 words    r3 word    r4 value    r5 scratch    r7 mask of two codes    r12 end of the list
 * r8 r9 r10 r11 sums of outputs 0|4, 1|5, 2|6, 3|7
 */
#ifndef BNM_MUL_BLOCKS_THUMB_H
#define BNM_MUL_BLOCKS_THUMB_H

#include "bnm_difference_list.h"
#include "bnm_hot.h"

#ifdef __ASSEMBLER__

/* On the stack. */
#define LIST 0
#define ACC 4
#define BLOCKS 8
#define STRIDE 12
#define FRAME 16

  /* r0: the items; r12: the end of the list; r5: bytes between blocks */
  .macro BNM_MUL_ENTER NAME
  BNM_THUMB_FUNCTION \NAME
  push {r4-r7, lr}
  mov r4, r8
  mov r5, r9
  mov r6, r10
  mov r7, r11
  push {r4-r7}
  sub sp, #FRAME
  str r0, [sp, #LIST]
  str r2, [sp, #ACC]
  str r3, [sp, #BLOCKS]
  ldr r5, [r0, #BNM_LIST_LAST]
  mov r12, r5
  ldr r5, [r0, #BNM_LIST_X_END]
  ldr r6, [r0, #BNM_LIST_X]
  subs r5, r5, r6
  lsls r5, r5, #2
  str r5, [sp, #STRIDE]
  adds r0, #BNM_LIST_ITEMS
  .endm

  .macro BNM_MUL_CLEAR_SUMS
  movs r5, #0
  mov r8, r5
  mov r9, r5
  mov r10, r5
  mov r11, r5
  .endm

  /* The item AT, of codes of BITS bits. */
  .macro BNM_MUL_ITEM BITS, AT
  ldrh r3, [r0, #(4 * \AT)]
  ldrh r4, [r0, #(4 * \AT + 2)]
  ldr r3, [r1, r3]
  movs r5, r3
  ands r5, r7
  muls r5, r4, r5
  add r8, r5
  lsrs r5, r3, #\BITS
  ands r5, r7
  muls r5, r4, r5
  add r9, r5
  lsrs r5, r3, #(2 * \BITS)
  ands r5, r7
  muls r5, r4, r5
  add r10, r5
  lsrs r3, r3, #(3 * \BITS)
  ands r3, r7
  muls r3, r4, r3
  add r11, r3
  .endm
  .macro BNM_UNPACK_PAIR SUM, LOW, HIGH
  mov r5, \SUM
  lsls r6, r5, #16
  lsrs r6, r3
  adds r6, r6, r4
  ldr r7, [r0, #\LOW]
  adds r7, r7, r6
  str r7, [r0, #\LOW]
  lsrs r5, r5, #16
  lsls r5, r2
  adds r5, r5, r4
  ldr r7, [r0, #\HIGH]
  adds r7, r7, r5
  str r7, [r0, #\HIGH]
  .endm
  /* acc[0 ... 7] += (sum << shift) + offset: r0 acc, r2 shift, r3 16 - shift, r4 offset. */
  .macro BNM_UNPACK_SUMS
  ldr r5, [sp, #LIST]
  ldr r2, [r5, #BNM_LIST_SHIFT]
  ldr r4, [r5, #BNM_LIST_OFFSET]
  movs r3, #16
  subs r3, r3, r2
  ldr r0, [sp, #ACC]
  BNM_UNPACK_PAIR r8, 0, 16
  BNM_UNPACK_PAIR r9, 4, 20
  BNM_UNPACK_PAIR r10, 8, 24
  BNM_UNPACK_PAIR r11, 12, 28
  .endm

  .macro BNM_MUL_LEAVE
  add sp, #FRAME
  pop {r4-r7}
  mov r8, r4
  mov r9, r5
  mov r10, r6
  mov r11, r7
  pop {r4-r7, pc}
  .endm

  /* BITS: of a code, 4 or 3. An item (8 weights) takes 24 cycles. */
  .macro BNM_MUL_BLOCKS NAME, BITS
  BNM_MUL_ENTER \NAME
block:
  ldr r7, mask
  BNM_MUL_CLEAR_SUMS

  /* Two items in a turn: an odd list begins in the middle. */
  mov r5, r12
  subs r5, r5, r0
  lsls r5, r5, #29
  bpl turn
  subs r0, #4
  b second

  .balign 4
turn:
  BNM_MUL_ITEM \BITS, 0
second:
  BNM_MUL_ITEM \BITS, 1
  adds r0, #8
  cmp r0, r12
  bne turn

  BNM_UNPACK_SUMS
  adds r0, #32
  str r0, [sp, #ACC]
  ldr r5, [sp, #STRIDE]
  adds r1, r1, r5
  ldr r5, [sp, #BLOCKS]
  subs r5, #1
  str r5, [sp, #BLOCKS]
  beq done
  ldr r0, [sp, #LIST]
  adds r0, #BNM_LIST_ITEMS
  b block
done:
  mov r0, r1
  BNM_MUL_LEAVE

  .balign 4
mask:
  .word ((1 << \BITS) - 1) * 0x10001
  .size \NAME, . - \NAME
  .endm

#endif

#endif
