/* Linear layer without a multiplier, weights -31, -29 ... 31: 2 * code - 31. Interface: bnm_fast.h. */
#include "bnm_linear_planes.h"

BNM_LINEAR_PLANES(bnm_linear_5bitsym_planes, 2, {bnm_planes4_blocks, 3, 1, 1, 4}, {bnm_planes1_blocks, 5, 5, 0, 4})
