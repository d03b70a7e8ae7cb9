/* Blocks of 8 outputs with 4-bit codes from a list of differences, for Armv6-M. */
#include "bnm_mul_blocks_thumb.h"

#if defined(BNM_THUMB)

  BNM_MUL_BLOCKS bnm_mul4_blocks, 4

#endif
