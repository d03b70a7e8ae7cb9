/* Linear layer with a multiplier, weights -128 ... 127: code - 128. Interface: bnm_fast.h. */
#include "bnm_linear_swar.h"

BNM_LINEAR_SWAR(bnm_linear_8bit_swar, bnm_swar4_blocks, 8, 2, 0, 4, -128)
