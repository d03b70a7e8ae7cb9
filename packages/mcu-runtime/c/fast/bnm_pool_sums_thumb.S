/*
 * Maxima of windows, for Armv6-M. Interface: bnm_channel_end.h.
 *
 * r0 first sum of the window    r1 maxima    r2 sum    r3 next one    r4 maximum    r5 end of the window's row    r6 rows that are left
 * r8 bytes of a window's row    r9 rows of a window    r10 from the end of its row to its next one    r11 where the last window of the
 * row begins    r12 from the last window's row on to the next windows    lr rows of sums that are left
 */
#include "bnm_channel_end.h"
#include "bnm_conv_block_thumb.h"
#include "bnm_hot.h"

#if defined(BNM_THUMB)

  BNM_BLOCK_ENTER bnm_pool_sums, 0
  ldmia r0!, {r2-r5}
  mov r8, r4
  mov r9, r5
  mov lr, r3
  subs r6, r2, r4
  mov r10, r6
  movs r7, r2
  muls r7, r5, r7
  subs r7, r7, r6
  mov r12, r7
  movs r0, r1

windows:
  movs r2, r0
  add r2, r10
  mov r11, r2
  .balign 4
window:
  movs r3, r0
  ldmia r3!, {r4}
  mov r6, r9
  mov r5, r8
  adds r5, r5, r0
  cmp r3, r5
  bne sum
  b row_end
row:
  mov r5, r8
  adds r5, r5, r3
sum:
  ldmia r3!, {r2}
  cmp r2, r4
  ble not_larger
  movs r4, r2
not_larger:
  cmp r3, r5
  bne sum
row_end:
  add r3, r10
  subs r6, #1
  bne row
  stmia r1!, {r4}
  add r0, r8
  cmp r0, r11
  bls window

  mov r0, r11
  add r0, r12
  mov r2, r9
  mov r3, lr
  subs r3, r3, r2
  mov lr, r3
  cmp r3, r2
  bhs windows
  movs r0, r1
  BNM_BLOCK_LEAVE 0
  .size bnm_pool_sums, . - bnm_pool_sums

#endif
