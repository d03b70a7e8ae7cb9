/* For RV32E in bnm_add_coded_rows_rv32e.S, else the portable one. */
#include "bnm_hot.h"

#if !defined(BNM_RV32E)
#include "../src/bnm_add_coded_rows.c"
#endif
