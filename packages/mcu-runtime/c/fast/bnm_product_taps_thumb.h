/*
 * Assembly for Armv6-M: products of the elements of a row with the weights of a kernel's row, which are in registers. Registers:
 * bnm_product_rows_thumb.S.
 */
#ifndef BNM_PRODUCT_TAPS_THUMB_H
#define BNM_PRODUCT_TAPS_THUMB_H

#ifdef __ASSEMBLER__

  /* Weights from r2 on. */
  .macro weight REGISTER, AT
  ldrh \REGISTER, [r2, #(2 * \AT)]
  sxth \REGISTER, \REGISTER
  .endm
  .macro weights_1
  weight r3, 0
  .endm
  .macro weights_3
  weights_1
  weight r4, 1
  weight r5, 2
  .endm
  .macro weights_5
  weights_3
  weight r6, 3
  weight r7, 4
  .endm
  /* Of each element's weights one at least is in r3 ... r7. */
  .macro weights_7
  weight r3, 0
  weight r4, 1
  weight r1, 2
  mov r12, r1
  weight r5, 3
  weight r1, 4
  mov lr, r1
  weight r6, 5
  weight r7, 6
  .endm

  .macro load AT
  ldrb r1, [r0, #\AT]
  sxtb r1, r1
  .endm
  /* SUM += or = r1 * WEIGHT; `last`: of r1, with one of r3 ... r7 */
  .macro add_product SUM, WEIGHT, PUT=add
  mov r2, \WEIGHT
  muls r2, r1, r2
  \PUT \SUM, r2
  .endm
  .macro set_product SUM, WEIGHT
  add_product \SUM, \WEIGHT, mov
  .endm
  .macro add_last SUM, WEIGHT, PUT=add
  muls r1, \WEIGHT, r1
  \PUT \SUM, r1
  .endm
  .macro set_last SUM, WEIGHT
  add_last \SUM, \WEIGHT, mov
  .endm

  /* r8: the products of one output. */
  .macro one_1
  load 0
  set_last r8, r3
  .endm
  .macro one_3
  one_1
  load 1
  add_last r8, r4
  load 2
  add_last r8, r5
  .endm
  .macro one_5
  one_3
  load 3
  add_last r8, r6
  load 4
  add_last r8, r7
  .endm
  .macro one_7
  load 0
  set_last r8, r3
  load 1
  add_last r8, r4
  load 2
  add_product r8, r12
  load 3
  add_last r8, r5
  load 4
  add_product r8, lr
  load 5
  add_last r8, r6
  load 6
  add_last r8, r7
  .endm

  /* r8 r9 r10 r11: those of four side by side. */
  .macro four_1
  load 0
  set_last r8, r3
  load 1
  set_last r9, r3
  load 2
  set_last r10, r3
  load 3
  set_last r11, r3
  .endm
  .macro four_3
  load 0
  set_last r8, r3
  load 1
  add_product r8, r4
  set_last r9, r3
  load 2
  add_product r8, r5
  add_product r9, r4
  set_last r10, r3
  load 3
  add_product r9, r5
  add_product r10, r4
  set_last r11, r3
  load 4
  add_product r10, r5
  add_last r11, r4
  load 5
  add_last r11, r5
  .endm
  .macro four_5
  load 0
  set_last r8, r3
  load 1
  add_product r8, r4
  set_last r9, r3
  load 2
  add_product r8, r5
  add_product r9, r4
  set_last r10, r3
  load 3
  add_product r8, r6
  add_product r9, r5
  add_product r10, r4
  set_last r11, r3
  load 4
  add_product r8, r7
  add_product r9, r6
  add_product r10, r5
  add_last r11, r4
  load 5
  add_product r9, r7
  add_product r10, r6
  add_last r11, r5
  load 6
  add_product r10, r7
  add_last r11, r6
  load 7
  add_last r11, r7
  .endm
  .macro four_7
  load 0
  set_last r8, r3
  load 1
  add_product r8, r4
  set_last r9, r3
  load 2
  add_product r8, r12
  add_product r9, r4
  set_last r10, r3
  load 3
  add_product r8, r5
  add_product r9, r12
  add_product r10, r4
  set_last r11, r3
  load 4
  add_product r8, lr
  add_product r9, r5
  add_product r10, r12
  add_last r11, r4
  load 5
  add_product r8, r6
  add_product r9, lr
  add_product r11, r12
  add_last r10, r5
  load 6
  add_product r8, r7
  add_product r9, r6
  add_product r10, lr
  add_last r11, r5
  load 7
  add_product r9, r7
  add_product r11, lr
  add_last r10, r6
  load 8
  add_product r10, r7
  add_last r11, r6
  load 9
  add_last r11, r7
  .endm

#endif

#endif
