/* Linear layer with a multiplier, weights -8 ... 7: code - 8. Interface: bnm_fast.h. */
#include "bnm_linear_mul.h"

BNM_LINEAR_MUL(bnm_linear_4bit_mul, bnm_mul4_blocks, 8, 1, 0, 0, -8)
