/* Blocks of 8 outputs with 3-bit codes from the nibble lists, for RV32E. */
#include "bnm_nibble_blocks_rv32e.h"

#if defined(BNM_RV32E)

  BNM_NIBBLE_BLOCKS bnm_nibbles3_words, 3

#endif
