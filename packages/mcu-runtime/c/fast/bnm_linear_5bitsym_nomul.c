/* Linear layer without a multiplier, weights -31, -29 ... 31: 2 * code - 31. Interface: bnm_fast.h. */
#include "bnm_linear_bits.h"

BNM_LINEAR_BITS(bnm_linear_5bitsym_nomul, 2, {bnm_bits4_blocks, 3, 1, 1, 4}, {bnm_bits1_blocks, 5, 5, 0, 4})
