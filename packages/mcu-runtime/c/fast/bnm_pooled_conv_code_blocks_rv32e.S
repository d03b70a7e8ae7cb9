/* The other convolutions by their code, pooled. Interface: bnm_conv_chain_nomul.h; registers: bnm_conv_code_blocks.h. */
#include "bnm_conv_code_blocks.h"

#if defined(BNM_RUN_TIME_CODE)

  /* a1 = the larger of both */
  .macro take_larger OTHER
  bge a1, \OTHER, 1f
  mv a1, \OTHER
1:
  .endm

  BNM_HOT_FUNCTION bnm_pooled_conv_code_blocks
  BNM_CODED_FRAME_BEGIN
  .balign 4
pooled_block:
  BNM_CODED_BLOCK_BEGIN
  lw a2, BNM_CODED_CONV_FIRST_SUM(sp)
  take_larger a2
  sw a1, KEPT(sp)
  BNM_CODED_SECOND_ROW
  lw a2, BNM_CODED_CONV_FIRST_SUM(sp)
  lw a3, KEPT(sp)
  take_larger a2
  take_larger a3
  BNM_CODED_RELU a1
  lw a2, BNM_CODED_CONV_SHIFT(sp)
  lw a5, BNM_CODED_CONV_PLACE(sp)
  lw a4, BNM_CODED_CONV_TO(sp)
  srl a1, a1, a2
  lbu a3, 1(a5)
  add a4, a4, a3
  sw a1, 0(a4)
  BNM_CODED_BLOCK_END pooled_block
  .size bnm_pooled_conv_code_blocks, . - bnm_pooled_conv_code_blocks

#endif
