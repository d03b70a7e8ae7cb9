/*
 * List of differences, for RV32E. Interface and meaning: bnm_difference_list.h, bnm_collect_differences.c. 5 cycles for an
 * input at the mode value, 21 for another.
 *
 * a0 next input    a1 last input    a2 item    a3 list    a4 start of inputs + 1    a5 difference, then offset
 * t0 limit - sum    t1 mode    t2 end of items    s0 mode - sign    s1 sign
 */
#include "bnm_difference_list.h"
#include "bnm_hot.h"

#if defined(BNM_RV32E)

  BNM_HOT_FUNCTION bnm_collect_differences
  addi sp, sp, -8
  sw s0, 4(sp)
  sw s1, 0(sp)
  mv a3, a0
  addi a2, a0, BNM_LIST_ITEMS
  addi t2, a0, BNM_LIST_ITEMS + 4 * BNM_LIST_CAPACITY
  lw a1, BNM_LIST_X_END(a3)
  lw a4, BNM_LIST_X(a3)
  lw s0, BNM_LIST_MODE(a3)
  lw s1, BNM_LIST_SIGN(a3)
  lw a0, BNM_LIST_NEXT(a3)
  addi a1, a1, -1
  addi a4, a4, 1
  mv t1, s0
  sub s0, s0, s1
  li t0, BNM_LIST_SUM_LIMIT
  j next

  /* Two inputs in a turn, as long as there are two. */
  .balign 4
loop:
  lb a5, 0(a0)
  bne a5, t1, first_listed
  lb a5, 1(a0)
  addi a0, a0, 2
  bne a5, t1, listed
next:
  bltu a0, a1, loop
  bne a0, a1, done
  lb a5, 0(a0)
  addi a0, a0, 1
  bne a5, t1, listed
done:
  sw a0, BNM_LIST_NEXT(a3)
  sw a2, BNM_LIST_LAST(a3)
  li a0, BNM_LIST_SUM_LIMIT
  sub a0, a0, t0
  lw s0, 4(sp)
  lw s1, 0(sp)
  addi sp, sp, 8
  ret

below:
  sw a3, BNM_LIST_BELOW(a3)
  j next

  .balign 4
first_listed:
  addi a0, a0, 1
listed:
  /* With s0 = mode - sign this is the difference or its opposite. */
  sub a5, a5, s0
  xor a5, a5, s1
  bltz a5, below
  sub t0, t0, a5
  sh a5, 2(a2)
  sub a5, a0, a4
  slli a5, a5, 2
  sh a5, 0(a2)
  addi a2, a2, 4
  bltz t0, done
  bne a2, t2, next
  j done
  .size bnm_collect_differences, . - bnm_collect_differences

#endif
