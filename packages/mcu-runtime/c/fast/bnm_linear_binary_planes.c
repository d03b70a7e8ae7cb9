/* Linear layer without a multiplier, weights -1, 1: 2 * code - 1. Interface: bnm_fast.h. */
#include "bnm_linear_planes.h"

BNM_LINEAR_PLANES(bnm_linear_binary_planes, 1, {bnm_planes1_blocks, 5, 1, 1, 1})
