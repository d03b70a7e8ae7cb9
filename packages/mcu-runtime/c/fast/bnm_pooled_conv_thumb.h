/*
 * Assembly for Armv6-M: blocks of a pooled convolution, from 9 int8 weights. Interface and meaning: bnm_conv_chain_mul.h, bnm_pooled_conv.h;
 * registers: bnm_conv_block_thumb.h.
 */
#ifndef BNM_POOLED_CONV_THUMB_H
#define BNM_POOLED_CONV_THUMB_H

#include "bnm_conv_block_thumb.h"
#include "bnm_conv_chain_mul.h"
#include "bnm_hot.h"

#ifdef __ASSEMBLER__

#define MAP BNM_BLOCK_WEIGHTS_BYTES
#define END (MAP + 4)
#define FRAME (MAP + 8)
  /* Arguments that are passed on the stack. */
#define SHIFT (FRAME + BNM_BLOCK_SAVED_BYTES)
#define OUT (SHIFT + 4)

  /* r1 = the larger of both */
  .macro BNM_POOLED_TAKE_LARGER OTHER
  cmp r1, \OTHER
  bge 1f
  mov r1, \OTHER
1:
  .endm

  /* LOAD, NEXT: as those of BNM_BLOCK_SUMS. */
  .macro BNM_POOLED_CONV_BLOCKS NAME, LOAD, NEXT
  BNM_BLOCK_ENTER \NAME, FRAME
  str r1, [sp, #MAP]
  str r3, [sp, #END]
  mov lr, r2
  movs r1, #0
  mov r2, sp
unpack:
  ldrsb r3, [r0, r1]
  adds r1, #1
  stmia r2!, {r3}
  cmp r1, #9
  bne unpack
  add r2, sp, #12
  ldmia r2!, {r5-r7}
  mov r12, r7
  mov r7, r6
  mov r6, r5

  .balign 4
block:
  mov r2, lr
  ldrb r1, [r2]
  ldr r0, [sp, #MAP]
  lsls r1, r1, #3
  adds r0, r0, r1
  BNM_BLOCK_SUMS mov, \LOAD, \NEXT, 1
  /* The largest of the sums and 0. */
  movs r1, #0
  BNM_POOLED_TAKE_LARGER r8
  BNM_POOLED_TAKE_LARGER r9
  BNM_POOLED_TAKE_LARGER r10
  BNM_POOLED_TAKE_LARGER r11
  mov r2, lr
  ldrb r3, [r2, #1]
  ldr r4, [sp, #SHIFT]
  lsrs r1, r4
  ldr r4, [sp, #OUT]
  str r1, [r4, r3]
  adds r2, #2
  mov lr, r2
  ldr r3, [sp, #END]
  cmp r2, r3
  beq done
  b block
done:
  BNM_BLOCK_LEAVE FRAME
  .size \NAME, . - \NAME
  .endm

#endif

#endif
