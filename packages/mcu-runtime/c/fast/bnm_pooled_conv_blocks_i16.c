/* The second convolution of the chain for parts with a multiplier. Interface: bnm_conv_chain_mul.h. */
#include "bnm_conv_chain_mul.h"
#include "bnm_hot.h"
#include "bnm_pooled_conv.h"

#if !(defined(BNM_RV32E) && defined(__riscv_mul)) && !defined(BNM_THUMB) && !defined(BNM_DSP)

BNM_BLOCK_SUMS(block_sums, int16_t, 2, 2 * BNM_CHAIN_MAP)

BNM_HOT(bnm_pooled_conv_blocks_i16)
BNM_POOLED_CONV_BLOCKS(bnm_pooled_conv_blocks_i16, block_sums, int16_t, 2)

#endif
