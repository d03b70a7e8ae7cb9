/* Levels of NF4. Interface: bnm_linear_parts.h. */
#include "bnm_level_sums_avr.h"

  .section .rodata.bnm_nf4_levels, "a", @progbits
  .balign 16
bnm_nf4_levels:
  .byte 127, 88, 67, 50, 36, 23, 12, 0, 10, 20, 31, 43, 56, 71, 92, 127

BNM_LEVEL_SUMS bnm_nf4_sums, bnm_nf4_levels
