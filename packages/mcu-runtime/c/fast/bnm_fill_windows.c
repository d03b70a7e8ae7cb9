/* Windows over nothing but the mode value. Interface: bnm_conv_chain.h. */
#include "bnm_conv_chain.h"
#include "bnm_hot.h"

BNM_COLD void bnm_fill_windows(const struct bnm_conv_blocks *blocks, int32_t *pooled) {
  const struct bnm_conv_place *place = blocks->computed_windows, *const end = blocks->window + BNM_CHAIN_WINDOWS;
  if (place == end) return;
  const int32_t constant = pooled[blocks->constant_window / 4];
  do {
    pooled[place->to / 4] = constant;
  } while (++place != end);
}
