/* For RV32E in bnm_shift_norm_relu_rv32e.S, for Armv6-M in _thumb.S, for the DSP extension in _dsp.c, else the plain kernel. */
#include "bnm.h"
#include "bnm_hot.h"

#if !defined(BNM_RV32E) && !defined(BNM_THUMB) && !defined(BNM_DSP)
#include "../src/bnm_shift_norm_relu.c"
#endif
