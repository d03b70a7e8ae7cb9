/* bnm_relu_shift for hosts: four at once, in place too. Interface: bnm.h. */
#include "bnm.h"
#include "bnm_wide.h"

void bnm_relu_shift(const int32_t *acc, uint16_t n, uint8_t shift, int32_t *y) {
  unsigned i = 0;
  for (; i + BNM_WIDE_LANES <= n; i += BNM_WIDE_LANES) {
    const bnm_wide value = bnm_wide_load(&acc[i]);
    bnm_wide_store(&y[i], (value & (value > 0)) >> shift);
  }
  for (; i < n; i++) y[i] = acc[i] > 0 ? acc[i] >> shift : 0;
}
