/* For RV32E in bnm_shift_norm_relu_rv32e.S, for Armv6-M in bnm_shift_norm_relu_thumb.S, else the plain kernel. */
#include "bnm_hot.h"

#if !defined(BNM_RV32E) && !defined(BNM_THUMB)
#include "../src/bnm_shift_norm_relu.c"
#endif
