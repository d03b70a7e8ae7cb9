/* Layers of ternary weights in four packings, each with the plainest loop that decodes it: what bench/ternary-packings.mjs measures. Rows of weights
   begin with a new group. Of several digits in base 3 the first one is what 3 times the number carries over its bits: see radixPacking in
   @bitnetmcu/quant. OUTPUTS is defined by the compiler's command. */
#include <stdint.h>

/* acc += (digit − 1)·x. The product is a multiplication where there is a multiplier. */
#ifdef MULTIPLIES
#define ADD(acc, digit, x) ((acc) += ((int32_t)(digit) - 1) * (x))
#else
#define ADD(acc, digit, x) \
  do { \
    if ((digit) == 0) \
      (acc) -= (x); \
    else if ((digit) == 2) \
      (acc) += (x); \
  } while (0)
#endif

#define LAYER(name) \
  void name(const int8_t *x, uint32_t inputs, const uint8_t *w, int32_t *acc)

LAYER(bits_2) {
  for (uint32_t o = 0; o < OUTPUTS; o++) {
    int32_t sum = 0;
    for (uint32_t i = 0; i < inputs;) {
      uint32_t v = *w++;
      for (uint32_t k = 0; k < 4 && i < inputs; k++, i++, v >>= 2) ADD(sum, v & 3, x[i]);
    }
    acc[o] = sum;
  }
}

LAYER(base_3_in_8) {
  for (uint32_t o = 0; o < OUTPUTS; o++) {
    int32_t sum = 0;
    for (uint32_t i = 0; i < inputs;) {
      uint32_t v = *w++;
      for (uint32_t k = 0; k < 5 && i < inputs; k++, i++) {
        v += v << 1;
        ADD(sum, v >> 8, x[i]);
        v &= 0xff;
      }
    }
    acc[o] = sum;
  }
}

LAYER(base_3_in_16) {
  const uint16_t *half = (const uint16_t *)w;
  for (uint32_t o = 0; o < OUTPUTS; o++) {
    int32_t sum = 0;
    for (uint32_t i = 0; i < inputs;) {
      uint32_t v = *half++;
      for (uint32_t k = 0; k < 10 && i < inputs; k++, i++) {
        v += v << 1;
        ADD(sum, v >> 16, x[i]);
        v &= 0xffff;
      }
    }
    acc[o] = sum;
  }
}

/* Groups of 5 bits one behind another, from the lowest bit of the row's first byte on. */
LAYER(trits_3_in_5) {
  for (uint32_t o = 0; o < OUTPUTS; o++) {
    int32_t sum = 0;
    uint32_t bits = 0, count = 0;
    for (uint32_t i = 0; i < inputs;) {
      if (count < 5) {
        bits |= (uint32_t)*w++ << count;
        count += 8;
      }
      uint32_t v = bits & 31;
      bits >>= 5;
      count -= 5;
      for (uint32_t k = 0; k < 3 && i < inputs; k++, i++) {
        v += v << 1;
        ADD(sum, v >> 5, x[i]);
        v &= 31;
      }
    }
    acc[o] = sum;
  }
}
