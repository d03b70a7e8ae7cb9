/*
 * The elements of a window, for Armv6-M. Interface: bnm_fast.h. A row of up to eight elements is a jump into eight copies, so that a row of
 * three takes 18 cycles.
 *
 * r0 row of elements    r1 patch    r2 element    r3 column    r4 rows that are left    r5 width of the plane    r6 width of the kernel
 * r7 copies of a row    r12 from below the kernel in one plane to the next plane's row    lr planes that are left
 */
#include "bnm_conv_patches.h"
#include "bnm_hot.h"

#if defined(BNM_THUMB)

  .macro copy AT
  ldrb r2, [r0, #\AT]
  strb r2, [r1, #\AT]
  .endm

  .syntax unified
  .section .text.bnm_gather_patch, "ax", %progbits
  .balign 4
  .globl bnm_gather_patch
  .type bnm_gather_patch, %function
  .thumb_func
bnm_gather_patch:
  push {r4-r7, lr}
  sub sp, #4
  ldrh r5, [r0, #BNM_CONV2D_WIDTH]
  muls r2, r5, r2
  adds r1, r1, r2
  adds r1, r1, r3
  ldrh r3, [r0, #BNM_CONV2D_GROUP_INPUTS]
  mov lr, r3
  ldrb r6, [r0, #BNM_CONV2D_KERNEL_WIDTH]
  ldrb r4, [r0, #BNM_CONV2D_KERNEL_HEIGHT]
  str r4, [sp]
  ldrh r3, [r0, #BNM_CONV2D_HEIGHT]
  subs r3, r3, r4
  muls r3, r5, r3
  mov r12, r3
  movs r0, r1
  /* The argument on the stack. */
  ldr r1, [sp, #24]
  adr r7, wide
  cmp r6, #8
  bhi thumb_address
  adr r7, copied
  lsls r2, r6, #2
  subs r7, r7, r2
thumb_address:
  adds r7, #1

plane:
  ldr r4, [sp]
  bx r7

  .balign 4
  copy 7
  copy 6
  copy 5
  copy 4
  copy 3
  copy 2
  copy 1
  copy 0
copied:
  adds r0, r0, r5
  adds r1, r1, r6
  subs r4, #1
  beq next_plane
  bx r7
next_plane:
  add r0, r12
  mov r2, lr
  subs r2, #1
  mov lr, r2
  bne plane
  add sp, #4
  pop {r4-r7, pc}

  .balign 4
wide:
  movs r3, #0
element:
  ldrb r2, [r0, r3]
  strb r2, [r1, r3]
  adds r3, #1
  cmp r3, r6
  bne element
  b copied
  .size bnm_gather_patch, . - bnm_gather_patch

#endif
