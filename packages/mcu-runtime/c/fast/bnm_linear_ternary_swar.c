/* Linear layer with a multiplier, weights -1, 0, 1: code - 1. Interface: bnm_fast.h. */
#include "bnm_linear_swar.h"

BNM_LINEAR_SWAR(bnm_linear_ternary_swar, bnm_swar2_blocks, 16, 1, 0, 0, -1)
