/*
 * The kernels of codes of 3, 5, 6 or 7 bits: a stream that goes on from byte to byte, lowest bits first. The generated files of
 * each format are instances; ADD and INTEGER as in bnm_bits.h.
 */
#ifndef BNM_BIT_STREAM_H
#define BNM_BIT_STREAM_H

#include "bnm.h"
#include "bnm_multiply.h"

#define BNM_LINEAR_BIT_STREAM(FUNCTION, BITS, ADD)                                                           \
  void FUNCTION(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {  \
    for (unsigned o = 0; o < outputs; o++) {                                                                 \
      int32_t sum = 0;                                                                                       \
      unsigned stream = 0;                                                                                   \
      unsigned bits = 0;                                                                                     \
      for (unsigned i = 0; i < inputs; i++) {                                                                \
        if (bits < (BITS)) {                                                                                 \
          stream |= (unsigned)bnm_read_u8(weights++) << bits;                                                \
          bits += 8u;                                                                                        \
        }                                                                                                    \
        ADD(sum, x[i], stream & ((1u << (BITS)) - 1u));                                                      \
        stream >>= (BITS);                                                                                   \
        bits -= (BITS);                                                                                      \
      }                                                                                                      \
      acc[o] = sum;                                                                                          \
    }                                                                                                        \
  }

/* The bits below the first code are dropped; what is left of its byte starts the stream. */
#define BNM_UNPACK_BIT_STREAM(FUNCTION, BITS, INTEGER)                                                       \
  void FUNCTION(const uint8_t *weights, uint16_t first, uint16_t count, int16_t *w) {                        \
    const uint32_t first_bit = (uint32_t)first * (BITS);                                                     \
    weights += first_bit >> 3;                                                                               \
    const unsigned skip = (unsigned)(first_bit & 7u);                                                        \
    unsigned stream = 0;                                                                                     \
    unsigned bits = 0;                                                                                       \
    if (skip != 0 && count != 0) {                                                                           \
      stream = (unsigned)bnm_read_u8(weights++) >> skip;                                                     \
      bits = 8u - skip;                                                                                      \
    }                                                                                                        \
    for (unsigned i = 0; i < count; i++) {                                                                   \
      if (bits < (BITS)) {                                                                                   \
        stream |= (unsigned)bnm_read_u8(weights++) << bits;                                                  \
        bits += 8u;                                                                                          \
      }                                                                                                      \
      w[i] = (int16_t)(INTEGER(stream & ((1u << (BITS)) - 1u)));                                             \
      stream >>= (BITS);                                                                                     \
      bits -= (BITS);                                                                                        \
    }                                                                                                        \
  }

#endif
