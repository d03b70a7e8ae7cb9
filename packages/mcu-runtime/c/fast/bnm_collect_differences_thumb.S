/*
 * List of differences, for Armv6-M. Interface and meaning: bnm_difference_list.h, bnm_collect_differences.c. 7 cycles for an input
 * at the mode value, 24 for another.
 *
 * r0 next input, counted from the end    r1 end of inputs    r2 item    r3 4 * inputs    r4 offset    r5 difference    r6 mode
 * r7 limit - sum    r8 list    r9 sign    r12 end of items
 */
#include "bnm_difference_list.h"
#include "bnm_hot.h"

#if defined(BNM_THUMB)

#if BNM_LIST_SUM_LIMIT != 1 << 12
#error "the limit is made by a shift"
#endif

  BNM_THUMB_FUNCTION bnm_collect_differences
  push {r4-r7, lr}
  mov r4, r8
  mov r5, r9
  push {r4, r5}
  mov r8, r0
  mov r4, r0
  movs r2, #BNM_LIST_ITEMS
  adds r2, r2, r0
  movs r5, #BNM_LIST_CAPACITY
  lsls r5, r5, #2
  adds r5, r5, r2
  mov r12, r5
  ldr r5, [r4, #BNM_LIST_SIGN]
  mov r9, r5
  ldr r1, [r4, #BNM_LIST_X_END]
  ldr r3, [r4, #BNM_LIST_X]
  ldr r6, [r4, #BNM_LIST_MODE]
  ldr r0, [r4, #BNM_LIST_NEXT]
  movs r7, #1
  lsls r7, r7, #12
  subs r3, r1, r3
  lsls r3, r3, #2
  subs r0, r0, r1
  beq done

loop:
  ldrsb r5, [r1, r0]
  cmp r5, r6
  bne listed
  adds r0, #1
  bne loop
done:
  mov r4, r8
  adds r0, r0, r1
  str r0, [r4, #BNM_LIST_NEXT]
  str r2, [r4, #BNM_LIST_LAST]
  movs r0, #1
  lsls r0, r0, #12
  subs r0, r0, r7
  pop {r4, r5}
  mov r8, r4
  mov r9, r5
  pop {r4-r7, pc}

below:
  mov r4, r8
  str r2, [r4, #BNM_LIST_BELOW]
  adds r0, #1
  bne loop
  b done

listed:
  /* The difference, or its opposite: exclusive or with -1 is -1 less what there is. */
  subs r5, r5, r6
  mov r4, r9
  eors r5, r4
  subs r5, r5, r4
  bmi below
  lsls r4, r0, #2
  adds r4, r4, r3
  strh r4, [r2]
  strh r5, [r2, #2]
  adds r0, #1
  adds r2, #4
  subs r7, r7, r5
  bmi done
  cmp r2, r12
  beq done
  cmp r0, #0
  bne loop
  b done
  .size bnm_collect_differences, . - bnm_collect_differences

#endif
