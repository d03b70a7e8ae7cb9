/*
 * The kernels of groups of SIZE codes below RADIX. A group is the fraction v / RADIX^SIZE, rounded up, with the codes as digits of v:
 * times RADIX pushes the next code out above the point, so that nothing divides. The generated files of each format are instances;
 * ADD and INTEGER as in bnm_bits.h.
 */
#ifndef BNM_RADIX_H
#define BNM_RADIX_H

#include "bnm.h"
#include "bnm_multiply.h"

/* A group is a byte. */
#define BNM_LINEAR_RADIX_BYTES(FUNCTION, RADIX, SIZE, ADD)                                                   \
  void FUNCTION(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {  \
    for (unsigned o = 0; o < outputs; o++) {                                                                 \
      int32_t sum = 0;                                                                                       \
      unsigned group = 0;                                                                                    \
      unsigned left = 0;                                                                                     \
      for (unsigned i = 0; i < inputs; i++) {                                                                \
        if (left == 0) {                                                                                     \
          group = bnm_read_u8(weights++);                                                                    \
          left = (SIZE);                                                                                     \
        }                                                                                                    \
        group *= (RADIX);                                                                                    \
        const unsigned code = group >> 8;                                                                    \
        group &= 0xFFu;                                                                                      \
        left--;                                                                                              \
        ADD(sum, x[i], code);                                                                                \
      }                                                                                                      \
      acc[o] = sum;                                                                                          \
    }                                                                                                        \
  }

/* Full bytes before the first code are stepped over, first / SIZE of them: first * FACTOR >> 18. Codes of its own byte are pushed out
 * unread. */
#define BNM_UNPACK_RADIX_BYTES(FUNCTION, RADIX, SIZE, FACTOR, INTEGER)                                       \
  void FUNCTION(const uint8_t *weights, uint16_t first, uint16_t count, int16_t *w) {                        \
    const unsigned bytes = (unsigned)((uint32_t)first * (FACTOR) >> 18);                                     \
    const unsigned skip = first - (SIZE) * bytes;                                                            \
    weights += bytes;                                                                                        \
    unsigned group = 0;                                                                                      \
    unsigned left = 0;                                                                                       \
    for (unsigned i = 0; i < skip + count; i++) {                                                            \
      if (left == 0) {                                                                                       \
        group = bnm_read_u8(weights++);                                                                      \
        left = (SIZE);                                                                                       \
      }                                                                                                      \
      group *= (RADIX);                                                                                      \
      if (i >= skip) w[i - skip] = (int16_t)(INTEGER(group >> 8));                                           \
      group &= 0xFFu;                                                                                        \
      left--;                                                                                                \
    }                                                                                                        \
  }

/* Groups of BITS bits, at most 25, follow each other in a stream. */
#define BNM_LINEAR_RADIX_STREAM(FUNCTION, RADIX, SIZE, BITS, ADD)                                            \
  void FUNCTION(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {  \
    for (unsigned o = 0; o < outputs; o++) {                                                                 \
      int32_t sum = 0;                                                                                       \
      uint32_t stream = 0;                                                                                   \
      uint32_t group = 0;                                                                                    \
      unsigned bits = 0;                                                                                     \
      unsigned left = 0;                                                                                     \
      for (unsigned i = 0; i < inputs; i++) {                                                                \
        if (left == 0) {                                                                                     \
          for (; bits < (BITS); bits += 8u) stream |= (uint32_t)bnm_read_u8(weights++) << bits;              \
          group = stream & (((uint32_t)1 << (BITS)) - 1u);                                                   \
          stream >>= (BITS);                                                                                 \
          bits -= (BITS);                                                                                    \
          left = (SIZE);                                                                                     \
        }                                                                                                    \
        group *= (RADIX);                                                                                    \
        ADD(sum, x[i], group >> (BITS));                                                                     \
        group &= ((uint32_t)1 << (BITS)) - 1u;                                                               \
        left--;                                                                                              \
      }                                                                                                      \
      acc[o] = sum;                                                                                          \
    }                                                                                                        \
  }

/* Eight groups fill whole bytes; up to 8 * SIZE - 1 weights before the first one wanted are decoded and dropped. */
#define BNM_UNPACK_RADIX_STREAM(FUNCTION, RADIX, SIZE, BITS, INTEGER)                                        \
  void FUNCTION(const uint8_t *weights, uint16_t first, uint16_t count, int16_t *w) {                        \
    unsigned skip = first;                                                                                   \
    for (; skip >= 8u * (SIZE); skip -= 8u * (SIZE)) weights += (BITS);                                      \
    uint32_t stream = 0;                                                                                     \
    uint32_t group = 0;                                                                                      \
    unsigned bits = 0;                                                                                       \
    unsigned left = 0;                                                                                       \
    for (unsigned i = 0; i < skip + count; i++) {                                                            \
      if (left == 0) {                                                                                       \
        for (; bits < (BITS); bits += 8u) stream |= (uint32_t)bnm_read_u8(weights++) << bits;                \
        group = stream & (((uint32_t)1 << (BITS)) - 1u);                                                     \
        stream >>= (BITS);                                                                                   \
        bits -= (BITS);                                                                                      \
        left = (SIZE);                                                                                       \
      }                                                                                                      \
      group *= (RADIX);                                                                                      \
      if (i >= skip) w[i - skip] = (int16_t)(INTEGER(group >> (BITS)));                                      \
      group &= ((uint32_t)1 << (BITS)) - 1u;                                                                 \
      left--;                                                                                                \
    }                                                                                                        \
  }

#endif
