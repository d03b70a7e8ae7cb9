/*
 * Linear layers with codes of 3 to 5 bits, packed as everywhere, for little flash: for each input that differs from the mode value a table of its
 * products by code, and a row of the codes of all outputs. Weights 2 * code - (levels - 1).
 */
#ifndef BNM_ODD_PRODUCTS_H
#define BNM_ODD_PRODUCTS_H

#include <stdint.h>

/* product[code] = weight * difference; an even number of levels. */
static inline void bnm_fill_odd_products(int32_t *product, unsigned levels, int32_t difference) {
  int32_t *above = product + levels / 2u, *below = above;
  int32_t value = difference;
  do {
    *above++ = value;
    *--below = -value;
    value += 2 * difference;
  } while (below != product);
}

/* A row of codes of BITS bits. */
#define BNM_ADD_ROW_BITS(FUNCTION, BITS)                                                                 \
  BNM_HOT(FUNCTION)                                                                                      \
  static void FUNCTION(const uint8_t *row, unsigned outputs, int32_t difference, int32_t *acc) {         \
    int32_t product[1u << (BITS)];                                                                       \
    bnm_fill_odd_products(product, 1u << (BITS), difference);                                            \
    unsigned stream = 0, bits = 0;                                                                       \
    for (const int32_t *const end = acc + outputs; acc != end; acc++) {                                  \
      if (bits < (BITS)) {                                                                               \
        stream |= (unsigned)*row++ << bits;                                                              \
        bits += 8u;                                                                                      \
      }                                                                                                  \
      *acc += product[stream & ((1u << (BITS)) - 1u)];                                                   \
      stream >>= (BITS);                                                                                 \
      bits -= (BITS);                                                                                    \
    }                                                                                                    \
  }

#endif
