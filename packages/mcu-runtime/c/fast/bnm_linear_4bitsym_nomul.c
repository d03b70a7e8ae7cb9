/* Linear layer without a multiplier, weights -15, -13 ... 15: 2 * code - 15. Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_linear_nibbles.h"

BNM_LINEAR_NIBBLES(bnm_linear_4bitsym_nomul, 1, {1, 1, 4})
