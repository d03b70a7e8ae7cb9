/* Linear layer without a multiplier, weights -128 ... 127: code - 128. Interface: bnm_fast.h. */
#include "bnm_linear_planes.h"

BNM_LINEAR_PLANES(bnm_linear_8bit_planes, 2, {bnm_planes4_blocks, 3, 0, 0, 6}, {bnm_planes4_blocks, 3, 4, 0, 6})
