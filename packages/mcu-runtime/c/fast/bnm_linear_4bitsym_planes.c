/* Linear layer without a multiplier, weights -15, -13 ... 15: 2 * code - 15. Interface: bnm_fast.h. */
#include "bnm_linear_planes.h"

BNM_LINEAR_PLANES(bnm_linear_4bitsym_planes, 1, {bnm_planes4_blocks, 3, 1, 1, 4})
