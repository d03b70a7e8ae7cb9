/* Blocks of 8 outputs with 3-bit codes from a list of differences, for Armv6-M. */
#include "bnm_mul_blocks_thumb.h"

#if defined(BNM_THUMB)

  BNM_MUL_BLOCKS bnm_mul3_words, 3

#endif
