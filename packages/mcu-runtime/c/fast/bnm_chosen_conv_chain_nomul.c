/* The same of chosen channels. Interface: bnm_fast.h. */
#include "bnm_conv_chain_nomul_run.h"

BNM_COLD void bnm_chosen_conv_chain_nomul(const bnm_conv_chain *chain, const int8_t *x, const int8_t *chosen, void *scratch, int8_t *y) {
  run(chain, x, chosen, scratch, y);
}
