#include "plain.h"

#ifdef MULTIPLIER

KERNEL void linear_4bit(const int8_t *x, const uint32_t *weights, int inputs, int outputs, int32_t *acc) {
  for (int o = 0; o < outputs; o++) {
    int32_t sum = 0;
    uint32_t word = 0;
    for (int i = 0; i < inputs; i++) {
      if ((i & 7) == 0) word = *weights++;
      int32_t value = x[i];
      if ((int32_t)word < 0) value = -value;
      sum += value * (int32_t)((word >> 27 & 14) + 1);
      word <<= 4;
    }
    *acc++ = sum;
  }
}

#else

KERNEL void linear_4bit(const int8_t *x, const uint32_t *weights, int inputs, int outputs, int32_t *acc) {
  for (int o = 0; o < outputs; o++) {
    const int8_t *in = x;
    int32_t sum = 0;
    for (int i = inputs; i > 0; i -= 8) {
      uint32_t word = *weights++;
      for (uint32_t k = 8; k > 0; k--) {
        const uint32_t code = word >> 28;
        int32_t value = *in++;
        if (code & 8) value = -value;
        sum += value;
        if (code & 1) sum += value << 1;
        if (code & 2) sum += value << 2;
        if (code & 4) sum += value << 3;
        word <<= 4;
      }
    }
    *acc++ = sum;
  }
}

#endif

KERNEL void linear_2bit(const int8_t *x, const uint32_t *weights, int inputs, int outputs, int32_t *acc) {
  for (int o = 0; o < outputs; o++) {
    const int8_t *in = x;
    const int8_t *end = x + inputs;
    int32_t sum = 0;
    while (in < end) {
      uint32_t word = *weights++;
      for (int k = 16; k > 0; k--) {
        const int32_t value = *in++;
        int32_t product = value;
        if (word & 0x40000000) product += value << 1;
        if ((int32_t)word < 0) sum -= product;
        else sum += product;
        word <<= 2;
      }
    }
    *acc++ = sum;
  }
}

KERNEL void linear_fp130(const int8_t *x, const uint32_t *weights, int inputs, int outputs, int32_t *acc) {
  for (int o = 0; o < outputs; o++) {
    const int8_t *in = x;
    const int8_t *end = x + inputs;
    int32_t sum = 0;
    while (in < end) {
      uint32_t word = *weights++;
      for (int k = 8; k > 0; k--) {
        const int32_t product = *in++ << (word >> 28 & 7);
        if ((int32_t)word < 0) sum -= product;
        else sum += product;
        word <<= 4;
      }
    }
    *acc++ = sum;
  }
}
