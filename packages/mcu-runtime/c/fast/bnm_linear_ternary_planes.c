/* Linear layer without a multiplier, weights -1, 0, 1: code - 1. Interface: bnm_fast.h. */
#include "bnm_linear_planes.h"

BNM_LINEAR_PLANES(bnm_linear_ternary_planes, 1, {bnm_planes2_blocks, 4, 0, 0, 0})
