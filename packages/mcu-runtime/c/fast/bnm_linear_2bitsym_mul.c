/* Linear layer with a multiplier, weights -3, -1, 1, 3: 2 * code - 3. Interface: bnm_fast.h. */
#include "bnm_linear_mul.h"

BNM_LINEAR_MUL(bnm_linear_2bitsym_mul, bnm_mul2_blocks, 16, 1, 1, 0, -3)
