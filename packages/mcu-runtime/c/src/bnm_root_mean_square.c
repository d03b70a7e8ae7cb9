/* Root mean square by shifts that keep sums of squares within 32 bits. Interface: bnm_features.h. */
#include "bnm_features.h"

/* The largest integer whose square is at most n. */
static uint32_t integer_root(uint32_t n) {
  uint32_t root = 0;
  for (uint32_t bit = (uint32_t)1 << 30; bit != 0; bit >>= 2) {
    const uint32_t trial = root + bit;
    root >>= 1;
    if (n >= trial) {
      n -= trial;
      root += bit;
    }
  }
  return root;
}

static uint32_t magnitude(int16_t x, int16_t offset) {
  const int32_t d = (int32_t)x - offset;
  return (uint32_t)(d < 0 ? -d : d);
}

int32_t bnm_root_mean_square(const int16_t *x, uint16_t n, int16_t offset) {
  uint32_t top = 0, sum = 0;
  for (uint16_t i = 0; i < n; i++) {
    const uint32_t d = magnitude(x[i], offset);
    if (d > top) top = d;
  }
  const uint8_t bits = (uint8_t)bnm_bit_length(top);
  const uint8_t kept = (uint8_t)((32 - bnm_bit_length(n)) >> 1);
  const uint8_t shift = bits > kept ? (uint8_t)(bits - kept) : 0;
  for (uint16_t i = 0; i < n; i++) {
    const uint32_t d = magnitude(x[i], offset) >> shift;
    sum += d * d;
  }
  const uint32_t quotient = sum / n, rest = sum % n;
  uint8_t more = (uint8_t)((32 - bnm_bit_length(quotient)) >> 1);
  if (more > 4) more = 4;
  const uint32_t scaled = (quotient << (2 * more)) + (rest << (2 * more)) / n;
  return (int32_t)(integer_root(scaled) << (shift + 4 - more));
}
