/* Levels of FP130. Interface: bnm_linear_parts.h. */
#include "bnm_level_sums_avr.h"

  .section .rodata.bnm_fp130_levels, "a", @progbits
  .balign 16
bnm_fp130_levels:
  .byte 128, 64, 32, 16, 8, 4, 2, 1, 1, 2, 4, 8, 16, 32, 64, 128

BNM_LEVEL_SUMS bnm_fp130_sums, bnm_fp130_levels
