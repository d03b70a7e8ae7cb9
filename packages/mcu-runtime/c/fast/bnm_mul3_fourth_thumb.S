/*
 * A block of 8 outputs whose 3-bit codes are in the words of three others, from a list of differences, for Armv6-M. Interface and
 * meaning: bnm_difference_list.h, bnm_mul3_fourth.c.
 *
 * As in bnm_mul_blocks_thumb.h, but r1 words of the third block    r2 bytes between blocks    r6 mask of the free nibbles
 */
#include "bnm_mul_blocks_thumb.h"
#include "bnm_three_bits.h"

#if defined(BNM_THUMB)

  /* SUM += value * the codes from bit AT of the word on */
  .macro add_codes SUM, AT
  lsrs r3, r5, #\AT
  ands r3, r7
  muls r3, r4, r3
  add \SUM, r3
  .endm

  BNM_MUL_ENTER bnm_mul3_fourth
  mov r2, r5
  adds r1, r1, r2
  adds r1, r1, r2
  ldr r6, free_nibbles
  ldr r7, mask
  BNM_MUL_CLEAR_SUMS
  .balign 4
item:
  ldrh r3, [r0]
  ldr r5, [r1, r3]
  ands r5, r6
  lsrs r5, r5, #4
  subs r3, r3, r2
  ldr r4, [r1, r3]
  ands r4, r6
  orrs r5, r4
  lsrs r5, r5, #4
  subs r3, r3, r2
  ldr r4, [r1, r3]
  ands r4, r6
  orrs r5, r4
  ldrh r4, [r0, #2]
  /* The word is at bit 4. */
  add_codes r8, 4
  add_codes r9, 7
  add_codes r10, 10
  add_codes r11, 13
  adds r0, #4
  cmp r0, r12
  bne item

  BNM_UNPACK_SUMS
  BNM_MUL_LEAVE

  .balign 4
free_nibbles:
  .word BNM_FREE_NIBBLES
mask:
  .word 0x00070007
  .size bnm_mul3_fourth, . - bnm_mul3_fourth

#endif
