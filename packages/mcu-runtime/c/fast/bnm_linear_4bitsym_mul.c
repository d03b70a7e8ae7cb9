/* Linear layer with a multiplier, weights -15, -13 ... 15: 2 * code - 15. Interface: bnm_fast.h. */
#include "bnm_linear_mul.h"

BNM_LINEAR_MUL(bnm_linear_4bitsym_mul, bnm_mul4_blocks, 8, 1, 1, 0, -15)
