/* Linear layer without a multiplier, weights -8 ... 7: code - 8. Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_linear_nibbles.h"

BNM_LINEAR_NIBBLES(bnm_linear_4bit_nomul, 1, {0, 0, 3})
