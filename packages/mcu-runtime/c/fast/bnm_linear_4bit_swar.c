/* Linear layer with a multiplier, weights -8 ... 7: code - 8. Interface: bnm_fast.h. */
#include "bnm_linear_swar.h"

BNM_LINEAR_SWAR(bnm_linear_4bit_swar, bnm_swar4_blocks, 8, 1, 0, 0, -8)
