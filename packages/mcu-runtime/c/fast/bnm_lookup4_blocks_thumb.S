/*
 * Blocks of 8 outputs by look-up, for Armv6-M. Interface and meaning: bnm_lookup_products.h, bnm_lookup4_blocks.c. A weight takes about
 * 7 cycles.
 *
 * r0 table    r1 word    r2 tables    r5 product    r6 mask of offsets in a table    r7 words
 * r3 r4 r8 r9 r10 r11 r12 lr sums of outputs 0 ... 7
 */
#include "bnm_hot.h"
#include "bnm_lookup_products.h"

#if defined(BNM_THUMB)

/* On the stack. */
#define ACC 0
#define BLOCKS 4
#define FRAME 8

  /* r5: the product of output OUTPUT. Twice its code is the offset. */
  .macro product OUTPUT
  .if \OUTPUT == 0
  lsls r5, r1, #1
  .else
  lsrs r5, r1, #(4 * \OUTPUT - 1)
  .endif
  ands r5, r6
  ldrsh r5, [r0, r5]
  .endm

  .macro add_product SUM, OUTPUT
  product \OUTPUT
  add \SUM, r5
  .endm

  .macro add_to_acc SUM, OUTPUT
  ldr r5, [r0, #(4 * \OUTPUT)]
  add r5, \SUM
  str r5, [r0, #(4 * \OUTPUT)]
  .endm

  BNM_THUMB_FUNCTION bnm_lookup4_blocks
  push {r4-r7, lr}
  mov r4, r8
  mov r5, r9
  mov r6, r10
  mov r7, r11
  push {r4-r7}
  sub sp, #FRAME
  str r2, [sp, #ACC]
  str r3, [sp, #BLOCKS]
  mov r2, r0
  mov r7, r1
  movs r6, #30
block:
  movs r3, #0
  movs r4, #0
  mov r8, r3
  mov r9, r3
  mov r10, r3
  mov r11, r3
  mov r12, r3
  mov lr, r3
  mov r0, r2
  .set input, 0
  .rept BNM_LOOKUP_INPUTS
  movs r1, #(BNM_LOOKUP_OFFSETS + 2 * input)
  ldrh r1, [r2, r1]
  ldr r1, [r7, r1]
  add_product r3, 0
  add_product r4, 1
  add_product r8, 2
  add_product r9, 3
  add_product r10, 4
  add_product r11, 5
  add_product r12, 6
  add_product lr, 7
  adds r0, #BNM_LOOKUP_TABLE_BYTES
  .set input, input + 1
  .endr

  ldr r0, [sp, #ACC]
  add_to_acc r3, 0
  add_to_acc r4, 1
  add_to_acc r8, 2
  add_to_acc r9, 3
  add_to_acc r10, 4
  add_to_acc r11, 5
  add_to_acc r12, 6
  add_to_acc lr, 7
  adds r0, #32
  str r0, [sp, #ACC]
  movs r1, #BNM_LOOKUP_BLOCK_BYTES
  ldr r1, [r2, r1]
  adds r7, r7, r1
  ldr r1, [sp, #BLOCKS]
  subs r1, #1
  str r1, [sp, #BLOCKS]
  beq done
  b block
done:
  mov r0, r7
  add sp, #FRAME
  pop {r4-r7}
  mov r8, r4
  mov r9, r5
  mov r10, r6
  mov r11, r7
  pop {r4-r7, pc}
  .size bnm_lookup4_blocks, . - bnm_lookup4_blocks

#endif
