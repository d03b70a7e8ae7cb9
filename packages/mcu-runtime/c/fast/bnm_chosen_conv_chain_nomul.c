/* The same of chosen channels. Interface: bnm_fast.h. */
#include "bnm_conv_chain_nomul_run.h"

BNM_COLD static void run_channels(const bnm_conv_chain *chain, const int8_t *x, const int8_t *chosen, struct scratch *s, int8_t *y, struct bnm_conv_place *windows) {
  run(chain, x, chosen, s, y, windows);
}

/* Windows take stack only where there are any. */
BNM_COLD static void run_with_windows(const bnm_conv_chain *chain, const int8_t *x, const int8_t *chosen, struct scratch *s, int8_t *y) {
  struct bnm_conv_place windows[BNM_CHAIN_WINDOWS];
  run_channels(chain, x, chosen, s, y, windows);
}

void bnm_chosen_conv_chain_nomul(const bnm_conv_chain *chain, const int8_t *x, const int8_t *chosen, void *scratch, int8_t *y) {
  if (chain->convolutions == 1) run_channels(chain, x, chosen, scratch, y, 0);
  else run_with_windows(chain, x, chosen, scratch, y);
}
