/*
 * List of differences, for RV32E. Interface and meaning: bnm_difference_list.h, bnm_collect_differences.c. 7 cycles for an
 * input at the mode value, 21 for another.
 *
 * a0 next input    a1 end of inputs    a2 item    a3 end of items    a4 start of inputs + 1    a5 difference
 * t0 sum    t1 limit    s0 mode    s1 offset    t2 list
 */
#include "bnm_difference_list.h"
#include "bnm_hot.h"

#if defined(BNM_RV32E)

  BNM_HOT_FUNCTION bnm_collect_differences
  addi sp, sp, -8
  sw s0, 4(sp)
  sw s1, 0(sp)
  mv t2, a0
  mv a2, a0
  addi a3, a0, 4 * BNM_LIST_CAPACITY
  lw a1, BNM_LIST_X_END(a0)
  lw a4, BNM_LIST_X(a0)
  lw s0, BNM_LIST_MODE(a0)
  addi a4, a4, 1
  li t0, 0
  li t1, BNM_LIST_SUM_LIMIT
  lw a0, BNM_LIST_NEXT(a0)
  j next

  .balign 4
loop:
  lb a5, 0(a0)
  addi a0, a0, 1
  bne a5, s0, listed
next:
  bltu a0, a1, loop
done:
  sw a0, BNM_LIST_NEXT(t2)
  sw a2, BNM_LIST_LAST(t2)
  mv a0, t0
  lw s0, 4(sp)
  lw s1, 0(sp)
  addi sp, sp, 8
  ret

below:
  sw a5, BNM_LIST_BELOW(t2)
  j next

  .balign 4
listed:
  sub a5, a5, s0
  bltz a5, below
  sub s1, a0, a4
  slli s1, s1, 2
  sh s1, 0(a2)
  sh a5, 2(a2)
  addi a2, a2, 4
  add t0, t0, a5
  bgt t0, t1, done
  beq a2, a3, done
  bltu a0, a1, loop
  j done
  .size bnm_collect_differences, . - bnm_collect_differences

#endif
