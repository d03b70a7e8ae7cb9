/* For RV32E in bnm_shift_norm_relu_rv32e.S, else the plain kernel. */
#include "bnm_hot.h"

#if !defined(BNM_RV32E)
#include "../src/bnm_shift_norm_relu.c"
#endif
