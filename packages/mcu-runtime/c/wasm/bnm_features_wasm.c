/* WebAssembly entries of the features of signals, by the names of the runtime. */
#include "bnm_features.h"

#define EXPORT(name) __attribute__((export_name(#name)))

#define FEATURE(name) \
  EXPORT(feature_##name) void bnm_wasm_feature_##name(const int16_t *x, uint16_t n, int32_t *y) { bnm_feature_##name(x, n, y); }
FEATURE(mean)
FEATURE(deviation)
FEATURE(minimum)
FEATURE(maximum)
FEATURE(crossings)
FEATURE(rms)

EXPORT(feature_bands)
void bnm_wasm_feature_bands(const int16_t *x, const uint8_t *bands, uint32_t *scratch, int32_t *y) {
  bnm_feature_bands(x, bands, scratch, y);
}

EXPORT(filter_difference)
void bnm_wasm_filter_difference(const int16_t *x, uint16_t n, int16_t *y) { bnm_filter_difference(x, n, y); }

EXPORT(filter_biquad)
void bnm_wasm_filter_biquad(const int16_t *x, uint16_t n, const int16_t *coefficients, int16_t *y) {
  bnm_filter_biquad(x, n, coefficients, y);
}
