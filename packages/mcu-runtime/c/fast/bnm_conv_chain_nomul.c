/* The convolution chain for parts without a multiplier. Interface: bnm_fast.h. */
#include "bnm_conv_chain_nomul_run.h"

BNM_COLD void bnm_conv_chain_nomul(const bnm_conv_chain *chain, const int8_t *x, void *scratch, int8_t *y) {
  run(chain, x, 0, scratch, y);
}
