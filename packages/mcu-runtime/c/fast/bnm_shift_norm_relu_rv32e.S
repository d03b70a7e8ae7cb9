/*
 * ReLU and dynamic normalization, for RV32E. Interface: bnm.h; meaning: ../src/bnm_shift_norm_relu.c, which it replaces.
 * About 18 cycles for each value from RAM.
 *
 * a0 acc    a1 its end, then the shift    a2 y    a3 a4 values    a5 maximum, then the rounding term    t0 127    t1 end of acc
 */
#include "bnm_hot.h"

#if defined(BNM_RV32E)

  BNM_WARM_FUNCTION bnm_shift_norm_relu
  slli a1, a1, 2
  add t1, a0, a1
  mv t2, a0
  li a5, 0
  /* Two values in a turn: an odd count begins in the middle. */
  andi a1, a1, 4
  beqz a1, maximum
  addi a0, a0, -4
  j maximum_second
  .balign 4
maximum:
  lw a4, 0(a0)
  blt a5, a4, larger
maximum_second:
  lw a4, 4(a0)
  blt a5, a4, larger_second
maximum_next:
  addi a0, a0, 8
  bltu a0, t1, maximum

  /* Bit length of the maximum >> 7, and half of 2^shift. */
  srli a5, a5, 7
  li a1, 0
  li a4, 0
  beqz a5, scale
  li a4, 1
length:
  addi a1, a1, 1
  srli a5, a5, 1
  bnez a5, length
  sll a4, a4, a1
  srli a4, a4, 1
scale:
  mv a5, a4
  li t0, 127
  sub a3, t1, t2
  mv a0, t2
  andi a3, a3, 4
  beqz a3, turn
  addi a0, a0, -4
  addi a2, a2, -1
  j turn_second

larger:
  mv a5, a4
  j maximum_second
larger_second:
  mv a5, a4
  j maximum_next
clip:
  li a4, 127
  j store
clip_second:
  li a4, 127
  j store_second

  /* Negative values are 0 after the mask; (value + rounding) is unsigned and may go beyond 2^31. */
  .balign 4
turn:
  lw a4, 0(a0)
  not a3, a4
  srai a3, a3, 31
  add a4, a4, a5
  and a4, a4, a3
  srl a4, a4, a1
  bltu t0, a4, clip
store:
  sb a4, 0(a2)
turn_second:
  lw a4, 4(a0)
  not a3, a4
  srai a3, a3, 31
  add a4, a4, a5
  and a4, a4, a3
  srl a4, a4, a1
  bltu t0, a4, clip_second
store_second:
  sb a4, 1(a2)
  addi a2, a2, 2
  addi a0, a0, 8
  bltu a0, t1, turn
  ret
  .size bnm_shift_norm_relu, . - bnm_shift_norm_relu

#endif
