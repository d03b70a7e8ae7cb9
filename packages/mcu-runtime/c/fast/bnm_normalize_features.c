/* The ShiftNorm of kept features. Interface: bnm_conv_chain.h. */
#include "bnm_conv_chain.h"
#include "bnm_hot.h"

BNM_COLD void bnm_normalize_features(int8_t *y, const uint8_t *exponents, unsigned channels, unsigned count, unsigned shift) {
  for (unsigned channel = 0; channel < channels; channel++) {
    const unsigned left = shift - exponents[channel];
    const unsigned half = (1u << left) >> 1;
    for (unsigned i = 0; i < count; i++, y++) {
      const unsigned scaled = ((uint8_t)*y + half) >> left;
      *y = (int8_t)(scaled < 127u ? scaled : 127u);
    }
  }
}
