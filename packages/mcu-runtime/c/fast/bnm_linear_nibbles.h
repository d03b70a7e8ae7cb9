/* What the linear layers by nibbles share; a format is a value. Interface of the layers: bnm_fast.h. */
#ifndef BNM_LINEAR_NIBBLES_H
#define BNM_LINEAR_NIBBLES_H

#include <stdint.h>

/* Weights of 4-bit codes, each in words of their own: the sum over the parts of (code << shift) + one - 2^zero. */
struct bnm_nibble_part {
  uint8_t shift, one, zero;
};

struct bnm_nibble_codes {
  struct bnm_nibble_part part[2];
  uint8_t parts;
};

void bnm_linear_nibbles(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                       const struct bnm_nibble_codes *codes);

#define BNM_LINEAR_NIBBLES(NAME, PARTS, ...)                                                             \
  void NAME(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) { \
    static const struct bnm_nibble_codes codes = {{__VA_ARGS__}, PARTS};                                 \
    bnm_linear_nibbles(x, inputs, weights, outputs, acc, &codes);                                        \
  }

#endif
