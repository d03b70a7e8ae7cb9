/* Integer weights of the codes that are not a linear function of the code. */
#ifndef BNM_CODES_H
#define BNM_CODES_H

#include "bnm_memory.h"

/* FP130: codes 0 ... 7 are -128 ... -1, codes 8 ... 15 are 1 ... 128. */
static inline int bnm_fp130_integer(unsigned code) {
  return code < 8u ? -(int)(128u >> code) : (int)(1u << (code - 8u));
}

/* NF4: round(127 * level), plus 127 so that the table is unsigned. */
static inline int bnm_nf4_integer(unsigned code) {
  static const uint8_t integers[16] BNM_PROGMEM = {0,   39,  60,  77,  91,  104, 115, 127,
                                                   137, 147, 158, 170, 183, 198, 219, 254};
  return (int)bnm_read_u8(&integers[code]) - 127;
}

#endif
