/* int8 activations over their root mean square. Interface: bnm.h. */
#include "bnm.h"

/* floor(256 * sqrt(squares / n)), at most 32768; without a division, which small cores have not. */
static uint32_t root_mean_square(uint32_t squares, uint16_t n) {
  uint32_t mean = 0, rest = 0;
  for (unsigned bit = 0; bit < 48; bit++) {
    rest = rest << 1 | squares >> 31;
    squares <<= 1;
    mean <<= 1;
    if (rest >= n) {
      rest -= n;
      mean |= 1;
    }
  }
  uint32_t root = 0;
  for (uint32_t step = UINT32_C(1) << 15; step != 0; step >>= 1) {
    if ((root + step) * (root + step) <= mean) root += step;
  }
  return root;
}

/* Products of magnitudes: where there is no multiplier they take a step a bit. */
static uint32_t magnitude(int32_t value) { return (uint32_t)(value < 0 ? -value : value); }

void bnm_rms_norm(const int8_t *x, uint16_t n, uint8_t gain, int8_t *y) {
  uint32_t squares = 0;
  for (unsigned i = 0; i < n; i++) squares += magnitude(x[i]) * magnitude(x[i]);
  const uint32_t root = root_mean_square(squares, n);
  for (unsigned i = 0; i < n; i++) {
    const int32_t value = x[i];
    if (root == 0 || value == 0) {
      y[i] = 0;
      continue;
    }
    uint32_t rest = (magnitude(value) * gain << 9) + root;
    unsigned quotient = 127;
    if (rest < root << 8) {
      uint32_t step = root << 7;
      quotient = 0;
      for (unsigned bit = 0; bit < 7; bit++) {
        quotient <<= 1;
        if (rest >= step) {
          rest -= step;
          quotient |= 1;
        }
        step >>= 1;
      }
    }
    y[i] = (int8_t)(value < 0 ? -(int)quotient : (int)quotient);
  }
}
