/* Linear layer with a multiplier, weights -3, -1, 1, 3: 2 * code - 3. Interface: bnm_fast.h. */
#include "bnm_linear_swar.h"

BNM_LINEAR_SWAR(bnm_linear_2bitsym_swar, bnm_swar2_blocks, 16, 1, 1, 0, -3)
