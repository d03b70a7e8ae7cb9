/* Linear layer without a multiplier, weights -15, -13 ... 15: 2 * code - 15. Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_linear_digits.h"

BNM_LINEAR_DIGITS(bnm_linear_4bitsym_planes, 1, {1, 1, 4})
