/* The convolution chain for parts without a multiplier. Interface: bnm_fast.h. */
#include "bnm_conv_chain_nomul_run.h"

BNM_COLD static void run_channels(const bnm_conv_chain *chain, const int8_t *x, struct scratch *s, int8_t *y, struct bnm_conv_place *windows) {
  run(chain, x, 0, s, y, windows);
}

/* Windows take stack only where there are any. */
BNM_COLD static void run_with_windows(const bnm_conv_chain *chain, const int8_t *x, struct scratch *s, int8_t *y) {
  struct bnm_conv_place windows[BNM_CHAIN_WINDOWS];
  run_channels(chain, x, s, y, windows);
}

void bnm_conv_chain_nomul(const bnm_conv_chain *chain, const int8_t *x, void *scratch, int8_t *y) {
  if (chain->convolutions == 1) run_channels(chain, x, scratch, y, 0);
  else run_with_windows(chain, x, scratch, y);
}
