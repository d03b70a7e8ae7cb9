/* Linear layer without a multiplier, weights -128 ... 127: code - 128. Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_linear_nibbles.h"

BNM_LINEAR_NIBBLES(bnm_linear_8bit_nomul, 2, {0, 0, 6}, {4, 0, 6})
