/* The same, compiled for speed; and whether the assembly of bnm_add_coded_rows finds what it looks for. */
#include "../src/bnm_linear_coded.c"
#include "bnm_assert_layout.h"
#include "bnm_hot.h"

#if defined(BNM_RV32E)
BNM_ASSERT_OFFSET(x, bnm_coded_layer, x, BNM_CODED_X);
BNM_ASSERT_OFFSET(x_end, bnm_coded_layer, x_end, BNM_CODED_X_END);
BNM_ASSERT_OFFSET(lengths, bnm_coded_layer, lengths, BNM_CODED_LENGTHS);
BNM_ASSERT_OFFSET(stream, bnm_coded_layer, stream, BNM_CODED_STREAM);
BNM_ASSERT_OFFSET(sums, bnm_coded_layer, sums, BNM_CODED_SUMS);
BNM_ASSERT_OFFSET(sums_end, bnm_coded_layer, sums_end, BNM_CODED_SUMS_END);
BNM_ASSERT_OFFSET(fill, bnm_coded_layer, fill, BNM_CODED_FILL);
BNM_ASSERT_OFFSET(mode, bnm_coded_layer, mode, BNM_CODED_MODE);
BNM_ASSERT_OFFSET(turn, bnm_coded_layer, turn, BNM_CODED_TURN);
#endif
