/*
 * Lists of inputs by nibble, for RV32E. Interface and meaning: bnm_nibble_lists.h, bnm_collect_nibbles.c. An input at the mode value
 * costs least, another one more with each of its nonzero nibbles.
 */
#include "bnm_nibble_lists.h"
#include "bnm_hot.h"

#if defined(BNM_RV32E)

#define LISTS 0
#define FRAME 16

/*
 * a0 next input    a1 sign    a2 address of the lists + the number of listed inputs    a3 that number + 1    a4 lists
 * a5 difference and low nibble    s0 mode - sign    s1 high nibble    ra scratch    t0 end of inputs    t1 sum    t2 window
 */
  BNM_WARM_FUNCTION bnm_collect_nibbles
  addi sp, sp, -FRAME
  sw ra, 12(sp)
  sw s0, 8(sp)
  sw s1, 4(sp)
  sw a0, LISTS(sp)
  mv a4, a0
  lw t0, BNM_NIBBLES_X_END(a4)
  lw s0, BNM_NIBBLES_MODE(a4)
  lw a0, BNM_NIBBLES_NEXT(a4)
  li a5, 0
  .set head, 0
  .rept 4
  sw a5, (BNM_NIBBLES_HEAD_HIGH + head)(a4)
  sw a5, (BNM_NIBBLES_HEAD_LOW + head)(a4)
  .set head, head + 4
  .endr
  li t1, 0

  j skip_next
  .balign 4
skip:
  lb a5, 0(a0)
  bne a5, s0, begin
  addi a0, a0, 1
skip_next:
  bltu a0, t0, skip
begin:
  sw a0, BNM_NIBBLES_WINDOW(a4)
  lw a1, BNM_NIBBLES_SIGN(a4)
  sub s0, s0, a1
  mv t2, a0
  lw s1, BNM_NIBBLES_SPAN_OF(a4)
  mv a2, a4
  li a3, 1
  add s1, s1, a0
  bgeu s1, t0, next
  mv t0, s1
  j next

  .balign 4
below:
  sw a4, BNM_NIBBLES_BELOW(a4)
  bgeu a0, t0, done
loop:
  lb a5, 0(a0)
  addi a0, a0, 1
  sub a5, a5, s0
  bne a5, a1, listed
next:
  bltu a0, t0, loop
  j done
  .balign 4
listed:
  /* With s0 = mode - sign this is the difference or its opposite. */
  xor a5, a5, a1
  bltz a5, below
  add t1, t1, a5
  sub s1, a0, t2
  sb s1, BNM_NIBBLES_NUMBER(a2)
  srli s1, a5, 4
  add s1, s1, a4
  lbu ra, BNM_NIBBLES_HEAD_HIGH(s1)
  sb a3, BNM_NIBBLES_HEAD_HIGH(s1)
  sb ra, BNM_NIBBLES_NEXT_HIGH(a2)
  andi a5, a5, 15
  add a5, a5, a4
  lbu ra, BNM_NIBBLES_HEAD_LOW(a5)
  sb a3, BNM_NIBBLES_HEAD_LOW(a5)
  sb ra, BNM_NIBBLES_NEXT_LOW(a2)
  addi a2, a2, 1
  addi a3, a3, 1
  addi a5, a3, -(BNM_NIBBLES_INPUTS + 1)
  beqz a5, done
  bltu a0, t0, loop
done:
  sw a0, BNM_NIBBLES_NEXT(a4)
  sw t1, BNM_NIBBLES_SUM(a4)

  addi t0, a4, BNM_NIBBLES_HEAD_HIGH
  addi a1, a4, BNM_NIBBLES_HIGH
  jal write
  li a5, BNM_NIBBLES_SUM_LIMIT
  li s1, BNM_NIBBLES_SHIFT
  bge a5, t1, end_high
  li s1, BNM_NIBBLES_SPILL
end_high:
  sb s1, 0(a1)
  lw a4, LISTS(sp)
  addi t0, a4, BNM_NIBBLES_HEAD_LOW
  addi a1, a4, BNM_NIBBLES_LOW
  jal write
  li s1, BNM_NIBBLES_FINISH
  sb s1, 0(a1)
  lw ra, 12(sp)
  lw s0, 8(sp)
  lw s1, 4(sp)
  addi sp, sp, FRAME
  ret

/*
 * Writes a stream without its end.
 * t0 chains    a1 stream    a0 head    a2 input    a3 header    a4 lists    a5 scratch    s0 end of the group
 */
  .balign 4
write:
  addi a0, t0, 15
  /* Nibbles above the largest. */
largest:
  lbu a2, 0(a0)
  bnez a2, nibble
  addi a0, a0, -1
  bne a0, t0, largest
  ret

empty:
  li a5, 1
  sb a5, 0(a1)
  addi a1, a1, 1
  j next_nibble
further:
  beqz a2, empty
nibble:
  mv a3, a1
  addi a1, a1, 1
  addi s0, a3, BNM_NIBBLES_GROUP + 1
  .macro item LAST
  mv a5, a2
  add a5, a5, a4
  lbu a5, (BNM_NIBBLES_NUMBER - 1)(a5)
  add a2, a2, t0
  sb a5, 0(a1)
  addi a1, a1, 1
  lbu a2, (16 - 1)(a2)
  beqz a2, \LAST
  .endm
first_group:
  item last_first
  bne a1, s0, first_group
  sub a5, a1, a3
more:
  sb a5, 0(a3)
  mv a3, a1
  addi a1, a1, 1
  addi s0, a3, BNM_NIBBLES_GROUP + 1
group:
  item last
  bne a1, s0, group
  sub a5, a3, a1
  j more
last_first:
  sub a5, a1, a3
  j end_group
last:
  sub a5, a3, a1
end_group:
  sb a5, 0(a3)
next_nibble:
  addi a0, a0, -1
  lbu a2, 0(a0)
  bne a0, t0, further
  ret
  .size bnm_collect_nibbles, . - bnm_collect_nibbles

#endif
