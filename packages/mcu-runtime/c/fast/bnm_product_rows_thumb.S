/*
 * Sums of outputs side by side, for Armv6-M. Interface: bnm_product_rows.h.
 *
 * Up to seven weights of a kernel's row stay in registers while they go over all outputs. Four outputs side by side need T + 3 elements for
 * their 4 * T products, which are then added to the sums in memory: 134 cycles with seven weights, 103 with five, 75 with three.
 *
 * r0 x    r1 element, or address of sums    r2 product    r3 r4 r5 r6 r7 r12 lr weights    r8 r9 r10 r11 products of the four
 * With at most five weights r12 holds the address of the sums, and lr the first one at which no four are left.
 */
#include "bnm_conv_block_thumb.h"
#include "bnm_product_rows.h"
#include "bnm_product_taps_thumb.h"

#if defined(BNM_PRODUCT_ROWS) && defined(BNM_THUMB)

  /* Weights and elements of the first output are those of the weights to come. */
#define TAPS BNM_ROWS_TAPS
#define X BNM_ROWS_X
#define SUM BNM_ROWS_BYTES
#define FOURS_END (SUM + 4)
#define END (SUM + 8)
#define SUMS_END (SUM + 12)
#define KERNEL_ROWS_LEFT (SUM + 16)
#define WEIGHTS_LEFT (SUM + 20)
#define FRAME (SUM + 24)

  /* r1 = the address of sums, and back. */
  .macro take_address T
  .if \T > 5
  ldr r1, [sp, #SUM]
  .else
  mov r1, r12
  .endif
  .endm
  .macro keep_address T
  .if \T > 5
  str r1, [sp, #SUM]
  .else
  mov r12, r1
  .endif
  .endm
  /* IS_FIRST: nothing is in the sum yet. */
  .macro put_into_sum PRODUCTS, IS_FIRST
  .if \IS_FIRST
  mov r2, \PRODUCTS
  .else
  ldr r2, [r1]
  add r2, \PRODUCTS
  .endif
  stmia r1!, {r2}
  .endm

  /* T weights over all outputs; r2: bytes of the kernel's row that are left; NAME: for labels. */
  .macro sweep T, NAME, IS_FIRST=0
  subs r2, #(2 * \T)
  str r2, [sp, #WEIGHTS_LEFT]
  ldr r2, [sp, #TAPS]
  weights_\T
  adds r2, #(2 * \T)
  str r2, [sp, #TAPS]
  ldr r0, [sp, #X]
  adds r1, r0, #\T
  str r1, [sp, #X]
  ldr r1, [sp, #BNM_ROWS_SUMS]
row_\NAME:
  ldr r2, [sp, #BNM_ROWS_ROW_BYTES]
  adds r2, r2, r1
  str r2, [sp, #END]
  subs r2, #12
  .if \T > 5
  str r2, [sp, #FOURS_END]
  .else
  mov lr, r2
  .endif
  keep_address \T
  .balign 4
many_\NAME:
  four_\T
  take_address \T
  put_into_sum r8, \IS_FIRST
  put_into_sum r9, \IS_FIRST
  put_into_sum r10, \IS_FIRST
  put_into_sum r11, \IS_FIRST
  keep_address \T
  adds r0, #4
  .if \T > 5
  ldr r2, [sp, #FOURS_END]
  cmp r1, r2
  .else
  cmp r1, lr
  .endif
  blo many_\NAME
rest_\NAME:
  ldr r2, [sp, #END]
  cmp r1, r2
  beq row_end_\NAME
  one_\T
  take_address \T
  put_into_sum r8, \IS_FIRST
  keep_address \T
  adds r0, #1
  b rest_\NAME
row_end_\NAME:
  ldr r2, [sp, #SUMS_END]
  cmp r1, r2
  beq end_\NAME
  ldr r2, [sp, #BNM_ROWS_NEXT_ROW]
  adds r0, r0, r2
  b row_\NAME
end_\NAME:
  b swept
  .endm

  BNM_BLOCK_ENTER bnm_product_rows, FRAME
  /* The description into the frame: there is no register for its address. */
  mov r1, sp
  ldmia r0!, {r2-r7}
  stmia r1!, {r2-r7}
  ldmia r0!, {r2-r6}
  stmia r1!, {r2-r6}
  /* A kernel of one row goes over the planes as others over their rows. */
  ldr r2, [sp, #BNM_ROWS_KERNEL_ROWS]
  cmp r2, #1
  bne sums
  ldr r3, [sp, #BNM_ROWS_PLANES]
  str r3, [sp, #BNM_ROWS_KERNEL_ROWS]
  str r2, [sp, #BNM_ROWS_PLANES]
  ldr r2, [sp, #BNM_ROWS_NEXT_KERNEL_ROW]
  ldr r3, [sp, #BNM_ROWS_NEXT_PLANE]
  adds r2, r2, r3
  str r2, [sp, #BNM_ROWS_NEXT_KERNEL_ROW]

sums:
  ldr r1, [sp, #BNM_ROWS_SUMS]
  ldr r2, [sp, #BNM_ROWS_ROW_BYTES]
  ldr r3, [sp, #BNM_ROWS_ROWS]
  muls r2, r3, r2
  adds r3, r1, r2
  str r3, [sp, #SUMS_END]
  ldr r3, [sp, #BNM_ROWS_KERNEL_ROWS]
  str r3, [sp, #KERNEL_ROWS_LEFT]
  ldr r3, [sp, #BNM_ROWS_KERNEL_BYTES]
  cmp r3, #14
  blo clear
  /* Seven weights begin all sums. */
  movs r2, r3
  b first_seven
clear:
  movs r3, #0
  movs r4, #0
  movs r5, #0
  movs r6, #0
  b clear_fours
clear_four:
  stmia r1!, {r3-r6}
clear_fours:
  subs r2, #16
  bhs clear_four
  adds r2, #16
  beq plane
clear_rest:
  stmia r1!, {r3}
  subs r2, #4
  bne clear_rest

plane:
  ldr r2, [sp, #BNM_ROWS_KERNEL_ROWS]
kernel_row:
  str r2, [sp, #KERNEL_ROWS_LEFT]
  ldr r2, [sp, #BNM_ROWS_KERNEL_BYTES]
weights:
  cmp r2, #14
  blo at_most_six
  b seven
at_most_six:
  cmp r2, #6
  blo use_one
  cmp r2, #10
  blo use_three
  b five
use_three:
  b three
use_one:
  b one

swept:
  ldr r2, [sp, #WEIGHTS_LEFT]
  cmp r2, #0
  bne weights
  ldr r1, [sp, #X]
  ldr r2, [sp, #BNM_ROWS_NEXT_KERNEL_ROW]
  adds r1, r1, r2
  str r1, [sp, #X]
  ldr r2, [sp, #KERNEL_ROWS_LEFT]
  subs r2, #1
  bne kernel_row
  ldr r2, [sp, #BNM_ROWS_NEXT_PLANE]
  adds r1, r1, r2
  str r1, [sp, #X]
  ldr r2, [sp, #BNM_ROWS_PLANES]
  subs r2, #1
  str r2, [sp, #BNM_ROWS_PLANES]
  bne plane
  BNM_BLOCK_LEAVE FRAME

one:
  sweep 1, one
three:
  sweep 3, three
five:
  sweep 5, five
seven:
  sweep 7, seven
first_seven:
  sweep 7, first_seven, 1
  .size bnm_product_rows, . - bnm_product_rows

#endif
