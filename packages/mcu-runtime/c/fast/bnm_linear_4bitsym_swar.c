/* Linear layer with a multiplier, weights -15, -13 ... 15: 2 * code - 15. Interface: bnm_fast.h. */
#include "bnm_linear_swar.h"

BNM_LINEAR_SWAR(bnm_linear_4bitsym_swar, bnm_swar4_blocks, 8, 1, 1, 0, -15)
