/* Linear layer with a multiplier, weights -128 ... 127: code - 128. Interface: bnm_fast.h. */
#include "bnm_linear_mul.h"

BNM_LINEAR_MUL(bnm_linear_8bit_mul, bnm_mul4_blocks, 8, 2, 0, 4, -128)
