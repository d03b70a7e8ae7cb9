/*
 * From sums to int8, for Armv6-M. Interface: bnm_channel_end.h. A sum takes 18 cycles: the last bit that is shifted out is the carry, which
 * rounds.
 *
 * r0 sums    r1 0    r2 sum    r3 y    r4 output shift    r5 shift    r6 min    r7 max    r12 end of the sums    lr bias
 */
#include "bnm_channel_end.h"
#include "bnm_hot.h"

#if defined(BNM_THUMB)

  .macro shifted
  asrs r2, r5
  adcs r2, r1
  .endm
  .macro not_shifted
  .endm

  .macro requantize SCALED
  .balign 4
sum_\SCALED:
  ldmia r0!, {r2}
  lsls r2, r4
  add r2, lr
  \SCALED
  cmp r2, r6
  bge not_less_\SCALED
  movs r2, r6
not_less_\SCALED:
  cmp r2, r7
  ble not_more_\SCALED
  movs r2, r7
not_more_\SCALED:
  strb r2, [r3]
  adds r3, #1
  cmp r0, r12
  bne sum_\SCALED
  pop {r4-r7, pc}
  .endm

  .syntax unified
  .section .text.bnm_requantize_sums, "ax", %progbits
  .balign 4
  .globl bnm_requantize_sums
  .type bnm_requantize_sums, %function
  .thumb_func
bnm_requantize_sums:
  push {r4-r7, lr}
  mov r12, r2
  ldr r2, [r0, #BNM_SCALE_BIAS]
  mov lr, r2
  ldr r4, [r0, #BNM_SCALE_OUTPUT_SHIFT]
  ldr r5, [r0, #BNM_SCALE_SHIFT]
  ldr r6, [r0, #BNM_SCALE_MIN]
  ldr r7, [r0, #BNM_SCALE_MAX]
  movs r0, r1
  movs r1, #0
  cmp r5, #0
  beq whole
  requantize shifted
whole:
  requantize not_shifted
  .size bnm_requantize_sums, . - bnm_requantize_sums

#endif
