/* Linear layer without a multiplier, weights -3, -1, 1, 3: 2 * code - 3. Interface: bnm_fast.h. */
#include "bnm_linear_planes.h"

BNM_LINEAR_PLANES(bnm_linear_2bitsym_planes, 1, {bnm_planes2_blocks, 4, 1, 1, 2})
