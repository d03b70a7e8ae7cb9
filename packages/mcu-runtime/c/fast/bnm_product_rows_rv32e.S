/*
 * Sums of outputs side by side, for RV32E with a multiplier. Interface: bnm_product_rows.h.
 *
 * A weight meets four elements, of which the next weight needs three again: they stay in registers, whose parts change from weight to
 * weight. Two loads and four products a weight are 15 cycles. The last four outputs of a row may be some that were there before.
 *
 * a0 x    a1 weights    a2 end of their row    a3 a4 a5 t0 sums    s0 s1 t1 t2 elements    ra weight    tp product
 * tp is saved and restored like s0: bnm_conv_block.h.
 */
#include "bnm_product_rows.h"

#if defined(BNM_PRODUCT_ROWS) && defined(BNM_RV32E)

#define END BNM_ROWS_BYTES
#define KERNEL_ROWS_LEFT (BNM_ROWS_BYTES + 4)
#define PLANES_LEFT (BNM_ROWS_BYTES + 8)
#define SAVED (BNM_ROWS_BYTES + 12)
#define FRAME (SAVED + 16)

  .macro tap FIRST, SECOND, THIRD, FOURTH
  lh ra, 0(a1)
  lb \FOURTH, 3(a0)
  addi a1, a1, 2
  addi a0, a0, 1
  mul \FIRST, \FIRST, ra
  mul tp, \SECOND, ra
  add a3, a3, \FIRST
  add a4, a4, tp
  mul tp, \THIRD, ra
  add a5, a5, tp
  mul tp, \FOURTH, ra
  add t0, t0, tp
  .endm

  BNM_HOT_FUNCTION bnm_product_rows
  addi sp, sp, -FRAME
  sw ra, SAVED(sp)
  sw s0, (SAVED + 4)(sp)
  sw s1, (SAVED + 8)(sp)
  sw tp, (SAVED + 12)(sp)
  /* The description into the frame: there is no register for its address. */
  mv a1, sp
  addi a2, a0, BNM_ROWS_BYTES
copy:
  lw a3, 0(a0)
  addi a0, a0, 4
  sw a3, 0(a1)
  addi a1, a1, 4
  bne a0, a2, copy

row:
  lw a1, BNM_ROWS_SUMS(sp)
  lw a2, BNM_ROWS_ROW_BYTES(sp)
  add a2, a2, a1
  sw a2, END(sp)
  .balign 4
four:
  lw a0, BNM_ROWS_X(sp)
  lw a1, BNM_ROWS_TAPS(sp)
  li a3, 0
  li a4, 0
  li a5, 0
  li t0, 0
  lw tp, BNM_ROWS_PLANES(sp)
plane:
  sw tp, PLANES_LEFT(sp)
  lw tp, BNM_ROWS_KERNEL_ROWS(sp)
  .balign 4
kernel_row:
  sw tp, KERNEL_ROWS_LEFT(sp)
  lw a2, BNM_ROWS_KERNEL_BYTES(sp)
  lb s0, 0(a0)
  lb s1, 1(a0)
  lb t1, 2(a0)
  add a2, a2, a1
  .balign 4
taps:
  tap s0, s1, t1, t2
  beq a1, a2, kernel_row_end
  tap s1, t1, t2, s0
  beq a1, a2, kernel_row_end
  tap t1, t2, s0, s1
  beq a1, a2, kernel_row_end
  tap t2, s0, s1, t1
  bne a1, a2, taps
kernel_row_end:
  lw ra, BNM_ROWS_NEXT_KERNEL_ROW(sp)
  lw tp, KERNEL_ROWS_LEFT(sp)
  add a0, a0, ra
  addi tp, tp, -1
  bnez tp, kernel_row
  lw ra, BNM_ROWS_NEXT_PLANE(sp)
  lw tp, PLANES_LEFT(sp)
  add a0, a0, ra
  addi tp, tp, -1
  bnez tp, plane

  lw a1, BNM_ROWS_SUMS(sp)
  lw a0, BNM_ROWS_X(sp)
  lw a2, END(sp)
  sw a3, 0(a1)
  sw a4, 4(a1)
  sw a5, 8(a1)
  sw t0, 12(a1)
  addi a1, a1, 16
  addi a0, a0, 4
  sub a2, a2, a1
  beqz a2, row_end
  addi a2, a2, -16
  bgez a2, next
  /* Fewer than four are left. */
  add a1, a1, a2
  srai a2, a2, 2
  add a0, a0, a2
next:
  sw a1, BNM_ROWS_SUMS(sp)
  sw a0, BNM_ROWS_X(sp)
  j four
row_end:
  lw a2, BNM_ROWS_NEXT_ROW(sp)
  lw a3, BNM_ROWS_ROWS(sp)
  add a0, a0, a2
  addi a3, a3, -1
  sw a1, BNM_ROWS_SUMS(sp)
  sw a0, BNM_ROWS_X(sp)
  sw a3, BNM_ROWS_ROWS(sp)
  bnez a3, row
  lw ra, SAVED(sp)
  lw s0, (SAVED + 4)(sp)
  lw s1, (SAVED + 8)(sp)
  lw tp, (SAVED + 12)(sp)
  addi sp, sp, FRAME
  ret
  .size bnm_product_rows, . - bnm_product_rows

#endif
