/* Row after row by written code, for RV32E. Interface: bnm_layer_code.h. */
#include "bnm_hot.h"
#include "bnm_layer_code.h"

#if defined(BNM_RUN_TIME_CODE)

#define CODE 4
#define WIDTH 8
#define NEXT 12
#define ROWS 16
#define SAVED 20
#define FRAME 36

  BNM_WARM_FUNCTION bnm_run_code_rows
  addi sp, sp, -FRAME
  sw ra, SAVED(sp)
  sw s0, (SAVED + 4)(sp)
  sw s1, (SAVED + 8)(sp)
  sw tp, (SAVED + 12)(sp)
  la a1, next_row
  sw a1, BNM_CODE_RETURN(sp)
  lw a1, BNM_CODE_ROWS_CODE(a0)
  lw a2, BNM_CODE_ROWS_WIDTH(a0)
  lw a3, BNM_CODE_ROWS_NEXT(a0)
  lw a4, BNM_CODE_ROWS_ROWS(a0)
  sw a1, CODE(sp)
  sw a2, WIDTH(sp)
  sw a3, NEXT(sp)
  lw ra, BNM_CODE_ROWS_SUMS(a0)
  lw t0, BNM_CODE_ROWS_X(a0)
row:
  add tp, t0, a2
  sw a4, ROWS(sp)
  jr a1
  .balign 4
next_row:
  lw a4, ROWS(sp)
  lw a3, NEXT(sp)
  lw a1, CODE(sp)
  lw a2, WIDTH(sp)
  addi a4, a4, -1
  add t0, t0, a3
  bnez a4, row
  lw ra, SAVED(sp)
  lw s0, (SAVED + 4)(sp)
  lw s1, (SAVED + 8)(sp)
  lw tp, (SAVED + 12)(sp)
  addi sp, sp, FRAME
  ret
  .size bnm_run_code_rows, . - bnm_run_code_rows

#endif
