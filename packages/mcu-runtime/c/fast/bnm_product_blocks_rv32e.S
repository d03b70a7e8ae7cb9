/*
 * Sums of 2x2 outputs of a 3x3 kernel, for RV32E with a multiplier. Interface: bnm_product_rows.h; registers: bnm_conv_block.h.
 * Where rows or columns are odd the last blocks have outputs that were there before.
 */
#include "bnm_conv_block.h"
#include "bnm_product_rows.h"

#if defined(BNM_PRODUCT_ROWS) && defined(BNM_RV32E)

#define X BNM_BLOCK_WEIGHTS_BYTES
#define SUMS (X + 4)
#define END (X + 8)
#define ROWS (X + 12)
#define PLANE_WIDTH (X + 16)
#define ROW_BYTES (X + 20)
#define NEXT (X + 24)
#define FRAME (X + 28 + BNM_BLOCK_SAVED_BYTES)

  /* On to the next row of inputs. */
  .macro next_inputs
  lw a5, PLANE_WIDTH(sp)
  add a0, a0, a5
  .endm

  BNM_HOT_FUNCTION bnm_product_blocks
  BNM_BLOCK_SAVE FRAME
  lw a1, BNM_ROWS_TAPS(a0)
  mv a2, sp
  addi a3, a1, 18
unpack:
  lh a4, 0(a1)
  addi a1, a1, 2
  sw a4, 0(a2)
  addi a2, a2, 4
  bne a1, a3, unpack
  lw a1, BNM_ROWS_X(a0)
  lw a2, BNM_ROWS_ROW_BYTES(a0)
  lw a3, BNM_ROWS_NEXT_ROW(a0)
  srli a4, a2, 2
  /* From the element behind a row's last output to the first one two rows further. */
  add a5, a3, a4
  add a3, a3, a5
  sw a1, X(sp)
  sw a2, ROW_BYTES(sp)
  sw a5, PLANE_WIDTH(sp)
  sw a3, NEXT(sp)
  lw a1, BNM_ROWS_SUMS(a0)
  lw a3, BNM_ROWS_ROWS(a0)
  sw a1, SUMS(sp)
  sw a3, ROWS(sp)
  BNM_BLOCK_SECOND_ROW

rows:
  lw a1, SUMS(sp)
  lw a2, ROW_BYTES(sp)
  lw a0, X(sp)
  add a2, a2, a1
  sw a2, END(sp)
  .balign 4
block:
  BNM_BLOCK_SUMS lb, 1, 0, next_inputs
  lw t0, SUMS(sp)
  lw a5, ROW_BYTES(sp)
  lw a0, X(sp)
  add a5, a5, t0
  sw a1, 0(t0)
  sw a2, 4(t0)
  sw a3, 0(a5)
  sw a4, 4(a5)
  lw a5, END(sp)
  addi t0, t0, 8
  addi a0, a0, 2
  beq a5, t0, row_end
  addi a5, a5, -4
  bne a5, t0, next
  /* One is left. */
  mv t0, a5
  addi t0, t0, -4
  addi a0, a0, -1
next:
  sw t0, SUMS(sp)
  sw a0, X(sp)
  j block
row_end:
  lw a4, ROWS(sp)
  lw a5, NEXT(sp)
  lw a3, ROW_BYTES(sp)
  addi a4, a4, -2
  add a0, a0, a5
  beqz a4, end
  add t0, t0, a3
  addi a5, a4, -1
  bnez a5, next_rows
  /* One is left. */
  lw a5, PLANE_WIDTH(sp)
  li a4, 2
  sub a0, a0, a5
  sub t0, t0, a3
next_rows:
  sw a4, ROWS(sp)
  sw t0, SUMS(sp)
  sw a0, X(sp)
  j rows
end:
  BNM_BLOCK_RETURN FRAME
  .size bnm_product_blocks, . - bnm_product_blocks

#endif
