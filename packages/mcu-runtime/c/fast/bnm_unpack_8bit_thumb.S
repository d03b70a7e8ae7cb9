/* Integers of packed codes of 8 bits, for Armv6-M: four in a turn, in 24 cycles. Interface and meaning: bnm.h, ../src/bnm_unpack_8bit.c. */
#include "bnm_hot.h"

#if defined(BNM_THUMB)

  .syntax unified
  .section .text.bnm_unpack_8bit, "ax", %progbits
  .balign 4
  .globl bnm_unpack_8bit
  .type bnm_unpack_8bit, %function
  .thumb_func
  /* r0 codes    r1 code    r2 how many are left    r3 integers */
bnm_unpack_8bit:
  adds r0, r0, r1
  b fours

  .macro unpack AT
  ldrb r1, [r0, #\AT]
  subs r1, #128
  strh r1, [r3, #(2 * \AT)]
  .endm
  .balign 4
four:
  unpack 0
  unpack 1
  unpack 2
  unpack 3
  adds r0, #4
  adds r3, #8
fours:
  subs r2, #4
  bhs four
  adds r2, #4
  beq end
one:
  unpack 0
  adds r0, #1
  adds r3, #2
  subs r2, #1
  bne one
end:
  bx lr
  .size bnm_unpack_8bit, . - bnm_unpack_8bit

#endif
