/*
 * List of differences, for Armv6-M. Interface and meaning: bnm_difference_list.h, bnm_collect_differences.c. 7 cycles for an input
 * at the mode value, 22 for another.
 *
 * r0 next input, counted from the end    r1 end of inputs    r2 item    r3 4 * inputs    r4 offset    r5 difference    r6 mode
 * r7 limit - sum    r12 end of items, from which the list's other members are reached
 */
#include "bnm_difference_list.h"
#include "bnm_hot.h"

#if defined(BNM_THUMB)

#define NEXT (BNM_LIST_NEXT - BNM_LIST_LAST)
#define X_END (BNM_LIST_X_END - BNM_LIST_LAST)
#define X (BNM_LIST_X - BNM_LIST_LAST)
#define MODE (BNM_LIST_MODE - BNM_LIST_LAST)
#define BELOW (BNM_LIST_BELOW - BNM_LIST_LAST)
#if BNM_LIST_LAST != 4 * BNM_LIST_CAPACITY
#error "the items end where the other members begin"
#endif

  BNM_THUMB_FUNCTION bnm_collect_differences
  push {r4-r7, lr}
  mov r2, r0
  movs r4, #BNM_LIST_LAST / 4
  lsls r4, r4, #2
  adds r4, r4, r0
  mov r12, r4
  ldr r1, [r4, #X_END]
  ldr r3, [r4, #X]
  ldr r6, [r4, #MODE]
  ldr r0, [r4, #NEXT]
  ldr r7, limit
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
  mov r4, r12
  adds r0, r0, r1
  str r0, [r4, #NEXT]
  str r2, [r4]
  ldr r0, limit
  subs r0, r0, r7
  pop {r4-r7, pc}

below:
  mov r4, r12
  str r2, [r4, #BELOW]
  adds r0, #1
  bne loop
  b done

listed:
  subs r5, r5, r6
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

  .balign 4
limit:
  .word BNM_LIST_SUM_LIMIT
  .size bnm_collect_differences, . - bnm_collect_differences

#endif
