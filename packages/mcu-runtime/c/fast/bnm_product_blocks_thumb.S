/*
 * Sums of 2x2 outputs of a 3x3 kernel, for Armv6-M. Interface: bnm_product_rows.h; registers: bnm_conv_block_thumb.h, but lr is the width of
 * the plane. Where rows or columns are odd the last blocks have outputs that were there before.
 */
#include "bnm_conv_block_thumb.h"
#include "bnm_product_rows.h"

#if defined(BNM_PRODUCT_ROWS) && defined(BNM_THUMB)

#define X BNM_BLOCK_WEIGHTS_BYTES
#define SUMS (X + 4)
#define END (X + 8)
#define ROWS (X + 12)
#define ROW_BYTES (X + 16)
#define NEXT (X + 20)
#define FRAME (X + 24)

  .macro load_i8 ROW, COLUMN
  ldrb r1, [r0, #\COLUMN]
  sxtb r1, r1
  .endm
  .macro next_i8 ROW
  add r0, lr
  .endm

  BNM_BLOCK_ENTER bnm_product_blocks, FRAME
  ldr r1, [r0, #BNM_ROWS_TAPS]
  mov r2, sp
  movs r3, #0
unpack:
  ldrsh r4, [r1, r3]
  stmia r2!, {r4}
  adds r3, #2
  cmp r3, #18
  bne unpack
  ldr r1, [r0, #BNM_ROWS_X]
  str r1, [sp, #X]
  ldr r1, [r0, #BNM_ROWS_SUMS]
  str r1, [sp, #SUMS]
  ldr r1, [r0, #BNM_ROWS_ROWS]
  str r1, [sp, #ROWS]
  ldr r1, [r0, #BNM_ROWS_ROW_BYTES]
  str r1, [sp, #ROW_BYTES]
  lsrs r1, r1, #2
  /* From the element behind a row's last output to the first one two rows further. */
  ldr r2, [r0, #BNM_ROWS_NEXT_ROW]
  adds r1, r1, r2
  mov lr, r1
  adds r1, r1, r2
  str r1, [sp, #NEXT]
  ldr r6, [sp, #12]
  ldr r7, [sp, #16]
  ldr r1, [sp, #20]
  mov r12, r1
  ldr r0, [sp, #X]

rows:
  ldr r1, [sp, #SUMS]
  ldr r2, [sp, #ROW_BYTES]
  adds r1, r1, r2
  str r1, [sp, #END]
  .balign 4
block:
  BNM_BLOCK_SUMS mov, load_i8, next_i8, 1
  ldr r1, [sp, #SUMS]
  ldr r2, [sp, #ROW_BYTES]
  adds r2, r2, r1
  mov r3, r8
  mov r4, r9
  stmia r1!, {r3, r4}
  mov r3, r10
  mov r4, r11
  stmia r2!, {r3, r4}
  ldr r0, [sp, #X]
  adds r0, #2
  ldr r2, [sp, #END]
  subs r2, r2, r1
  beq row_end
  cmp r2, #4
  bne next
  /* One is left. */
  subs r1, #4
  subs r0, #1
next:
  str r1, [sp, #SUMS]
  str r0, [sp, #X]
  b block
row_end:
  ldr r3, [sp, #ROWS]
  subs r3, #2
  beq end
  ldr r2, [sp, #NEXT]
  adds r0, r0, r2
  ldr r2, [sp, #ROW_BYTES]
  cmp r3, #1
  bne next_rows
  /* One is left. */
  movs r3, #2
  subs r1, r1, r2
  mov r4, lr
  subs r0, r0, r4
next_rows:
  adds r1, r1, r2
  str r3, [sp, #ROWS]
  str r1, [sp, #SUMS]
  str r0, [sp, #X]
  b rows
end:
  BNM_BLOCK_LEAVE FRAME
  .size bnm_product_blocks, . - bnm_product_blocks

#endif
