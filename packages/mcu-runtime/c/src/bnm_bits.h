/*
 * The kernels of codes that fill bytes: 1, 2, 4 or 8 bits each, the first code in the lowest bits. The generated files of each
 * format are instances, with ADD(sum, x, code), which adds the product of an input and a weight, and INTEGER(code), the weight.
 */
#ifndef BNM_BITS_H
#define BNM_BITS_H

#include "bnm.h"
#include "bnm_multiply.h"

#define BNM_CODES_A_BYTE(BITS) (8u / (BITS))

#define BNM_LINEAR_BITS(FUNCTION, BITS, ADD)                                                                 \
  void FUNCTION(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {  \
    for (unsigned o = 0; o < outputs; o++) {                                                                 \
      int32_t sum = 0;                                                                                       \
      unsigned codes = 0;                                                                                    \
      for (unsigned i = 0; i < inputs; i++) {                                                                \
        if ((BITS) == 8u) { /* the input first, which takes fewer registers of an AVR */                     \
          const int input = x[i];                                                                            \
          codes = bnm_read_u8(weights++);                                                                    \
          ADD(sum, input, codes & 0xffu);                                                                    \
        } else {                                                                                             \
          if ((i & (BNM_CODES_A_BYTE(BITS) - 1u)) == 0) codes = bnm_read_u8(weights++);                      \
          ADD(sum, x[i], codes & ((1u << (BITS)) - 1u));                                                     \
        }                                                                                                    \
        codes >>= (BITS);                                                                                    \
      }                                                                                                      \
      acc[o] = sum;                                                                                          \
    }                                                                                                        \
  }

#define BNM_UNPACK_BITS(FUNCTION, BITS, INTEGER)                                                             \
  void FUNCTION(const uint8_t *weights, uint16_t first, uint16_t count, int16_t *w) {                        \
    for (unsigned i = 0; i < count; i++) {                                                                   \
      const unsigned at = first + i;                                                                         \
      const unsigned byte = bnm_read_u8(&weights[at / BNM_CODES_A_BYTE(BITS)]);                              \
      const unsigned code = (byte >> ((at & (BNM_CODES_A_BYTE(BITS) - 1u)) * (BITS))) & ((1u << (BITS)) - 1u); \
      w[i] = (int16_t)(INTEGER(code));                                                                       \
    }                                                                                                        \
  }

#endif
