/*
 * List of differences, for RV32E. Interface and meaning: bnm_difference_list.h, bnm_collect_differences.c. 6 cycles for an
 * input at the mode value, 20 for another.
 *
 * a0 next input    a1 end of inputs    a2 item    a3 list    a4 limit - sum    a5 difference, then offset
 * t0 start of inputs + 1    t1 mode    t2 end of items    s0 mode - sign    s1 sign
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
  lw t0, BNM_LIST_X(a3)
  lw s0, BNM_LIST_MODE(a3)
  lw s1, BNM_LIST_SIGN(a3)
  lw a0, BNM_LIST_NEXT(a3)
  addi t0, t0, 1
  mv t1, s0
  sub s0, s0, s1
  li a4, BNM_LIST_SUM_LIMIT
  j next

below:
  sw a3, BNM_LIST_BELOW(a3)
  j next

  /* Two inputs in a turn. */
  .balign 4
loop:
  lb a5, 0(a0)
  addi a0, a0, 1
  bne a5, t1, listed
  beq a0, a1, done
  lb a5, 0(a0)
  addi a0, a0, 1
  bne a5, t1, listed
next:
  bltu a0, a1, loop
done:
  sw a0, BNM_LIST_NEXT(a3)
  sw a2, BNM_LIST_LAST(a3)
  li a0, BNM_LIST_SUM_LIMIT
  sub a0, a0, a4
  lw s0, 4(sp)
  lw s1, 0(sp)
  addi sp, sp, 8
  ret

listed:
  /* With s0 = mode - sign this is the difference or its opposite. */
  sub a5, a5, s0
  xor a5, a5, s1
  bltz a5, below
  sub a4, a4, a5
  sh a5, 2(a2)
  sub a5, a0, t0
  slli a5, a5, 2
  sh a5, 0(a2)
  addi a2, a2, 4
  bltz a4, done
  beq a2, t2, done
  bltu a0, a1, loop
  j done
  .size bnm_collect_differences, . - bnm_collect_differences

#endif
