/* The first convolution by its code. Interface: bnm_conv_chain_nomul.h; registers: bnm_conv_code_blocks.h. */
#include "bnm_conv_code_blocks.h"

#if defined(BNM_RUN_TIME_CODE)

  /* Two results to AT(a4); their shift in a2. */
  .macro store AT
  lw a3, BNM_CODED_CONV_FIRST_SUM(sp)
  lw a2, BNM_CODED_CONV_SHIFT(sp)
  BNM_CODED_RELU a1
  BNM_CODED_RELU a3
  srl a1, a1, a2
  srl a3, a3, a2
  sh a1, (\AT + 2)(a4)
  sh a3, (\AT)(a4)
  .endm

  BNM_HOT_FUNCTION bnm_conv_code_blocks
  BNM_CODED_FRAME_BEGIN
  .balign 4
block:
  BNM_CODED_BLOCK_BEGIN
  lw a5, BNM_CODED_CONV_PLACE(sp)
  lbu a3, 1(a5)
  lw a4, BNM_CODED_CONV_TO(sp)
  slli a3, a3, 2
  add a4, a4, a3
  sw a4, KEPT(sp)
  store 0
  BNM_CODED_SECOND_ROW
  lw a4, KEPT(sp)
  store BNM_MAP_ROW_BYTES
  lw a5, BNM_CODED_CONV_PLACE(sp)
  BNM_CODED_BLOCK_END block
  .size bnm_conv_code_blocks, . - bnm_conv_code_blocks

#endif
