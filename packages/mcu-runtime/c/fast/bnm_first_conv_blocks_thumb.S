/*
 * The first convolution of the chain, for Armv6-M. Interface and meaning: bnm_conv_chain_mul.h, bnm_first_conv_blocks.c; registers:
 * bnm_conv_block_thumb.h. A block of two channels (8 outputs) takes 226 cycles, less for every input of 0.
 */
#include "bnm_conv_block_thumb.h"
#include "bnm_conv_chain_mul.h"
#include "bnm_hot.h"

#if defined(BNM_THUMB)

#define FRAME BNM_FIRST_BYTES

  .macro load_u8 ROW, COLUMN
  ldrb r1, [r0, #(\ROW % 2 * BNM_CHAIN_X_BYTES + \COLUMN)]
  .endm
  /* The offset of a load ends with 31. */
  .macro next_u8 ROW
  .if \ROW == 2
  adds r0, #(2 * BNM_CHAIN_X_BYTES)
  .endif
  .endm

  BNM_BLOCK_ENTER bnm_first_conv_blocks, FRAME
  /* The description of the convolution into the frame: there is no register for its address. */
  mov r1, sp
  movs r2, #(BNM_FIRST_BYTES / 4)
copy:
  ldmia r0!, {r3}
  stmia r1!, {r3}
  subs r2, #1
  bne copy
  ldr r3, [sp, #BNM_FIRST_BLOCK]
  mov lr, r3
  ldr r3, [sp, #20]
  mov r12, r3

  .balign 4
block:
  ldr r6, [sp, #12]
  ldr r7, [sp, #16]
  mov r2, lr
  ldrb r1, [r2]
  ldr r0, [sp, #BNM_FIRST_X]
  adds r0, r0, r1
  ldr r2, [sp, #BNM_FIRST_OFFSET]
  mov r8, r2
  mov r9, r2
  mov r10, r2
  mov r11, r2
  BNM_BLOCK_SUMS add, load_u8, next_u8, 1

  /* r0: where the results go. */
  mov r2, lr
  ldrb r1, [r2, #1]
  adds r2, #2
  mov lr, r2
  ldr r0, [sp, #BNM_FIRST_MAP]
  lsls r1, r1, #3
  adds r0, r0, r1
  ldr r3, [sp, #BNM_FIRST_SHIFT]
  ldr r4, [sp, #BNM_FIRST_MASK]
  cmp r4, #0
  beq one_channel

  /* Halves whose sign bit, set for sums >= 0, is clear become 0; the bit itself goes. */
  .macro store_both SUM, AT
  mov r1, \SUM
  lsrs r1, r3
  ands r1, r4
  adds r1, r1, r5
  lsrs r2, r1, #15
  ands r2, r6
  muls r2, r7, r2
  ands r1, r2
  str r1, [r0, #\AT]
  .endm
  ldr r5, [sp, #BNM_FIRST_BASE]
  ldr r6, low_bits
  ldr r7, low_masks
  store_both r8, 0
  store_both r9, BNM_PAIR_BYTES
  store_both r10, BNM_PAIR_ROW_BYTES
  store_both r11, (BNM_PAIR_ROW_BYTES + BNM_PAIR_BYTES)
next:
  ldr r2, [sp, #BNM_FIRST_END]
  cmp r2, lr
  beq done
  b block
done:
  BNM_BLOCK_LEAVE FRAME

  .macro store_one SUM, AT
  mov r1, \SUM
  asrs r2, r1, #31
  bics r1, r2
  lsrs r1, r3
  strh r1, [r0, #\AT]
  .endm
one_channel:
  store_one r8, 0
  store_one r9, BNM_PAIR_BYTES
  store_one r10, BNM_PAIR_ROW_BYTES
  store_one r11, (BNM_PAIR_ROW_BYTES + BNM_PAIR_BYTES)
  b next

  .balign 4
low_bits:
  .word 0x00010001
low_masks:
  .word 0x7FFF
  .size bnm_first_conv_blocks, . - bnm_first_conv_blocks

#endif
