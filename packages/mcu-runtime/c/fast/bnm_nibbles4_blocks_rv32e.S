/* Blocks of 8 outputs with 4-bit codes from the nibble lists, for RV32E. */
#include "bnm_nibble_blocks_rv32e.h"

#if defined(BNM_RV32E)

  BNM_NIBBLE_BLOCKS bnm_nibbles4_blocks, 4

#endif
