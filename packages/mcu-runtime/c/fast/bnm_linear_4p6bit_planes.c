/* Linear layer without a multiplier, weights -23, -21 ... 23: 2 * code - 23. Interface: bnm_fast.h. */
#include "bnm_linear_planes.h"

BNM_LINEAR_PLANES(bnm_linear_4p6bit_planes, 2, {bnm_planes4_blocks, 3, 1, 1, 4}, {bnm_planes1_blocks, 5, 5, 0, 3})
