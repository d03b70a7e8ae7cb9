/* Blocks of 8 outputs with 3-bit codes from a list of differences, for RV32E with a multiplier. */
#include "bnm_mul_blocks_rv32e.h"

#if defined(BNM_RV32E) && defined(__riscv_mul)

  BNM_MUL_BLOCKS bnm_mul3_words, 3

#endif
