/* Linear layer with a multiplier, weights -1, 0, 1: code - 1. Interface: bnm_fast.h. */
#include "bnm_linear_mul.h"

BNM_LINEAR_MUL(bnm_linear_ternary_mul, bnm_mul2_blocks, 16, 1, 0, 0, -1)
