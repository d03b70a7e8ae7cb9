/* Linear layer without a multiplier, weights -128 ... 127: code - 128. Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_linear_digits.h"

BNM_LINEAR_DIGITS(bnm_linear_8bit_planes, 2, {0, 0, 6}, {4, 0, 6})
