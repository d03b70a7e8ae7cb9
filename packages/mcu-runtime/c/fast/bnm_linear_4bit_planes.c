/* Linear layer without a multiplier, weights -8 ... 7: code - 8. Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_linear_digits.h"

BNM_LINEAR_DIGITS(bnm_linear_4bit_planes, 1, {0, 0, 3})
