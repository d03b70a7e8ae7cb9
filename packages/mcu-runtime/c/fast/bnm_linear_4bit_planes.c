/* Linear layer without a multiplier, weights -8 ... 7: code - 8. Interface: bnm_fast.h. */
#include "bnm_linear_planes.h"

BNM_LINEAR_PLANES(bnm_linear_4bit_planes, 1, {bnm_planes4_blocks, 3, 0, 0, 3})
