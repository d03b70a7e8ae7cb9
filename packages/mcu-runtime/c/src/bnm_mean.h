/* Division of a window's sum by its size without dividing. */
#ifndef BNM_MEAN_H
#define BNM_MEAN_H

#include "bnm_memory.h"

/* mean = (sum * factor + half) >> shift */
typedef struct bnm_mean {
  uint16_t factor;
  uint16_t half;
  uint8_t shift;
} bnm_mean;

/* The mean over a size * size window, size 1 ... 15: powers of two shift only and round down. */
static inline bnm_mean bnm_mean_of(uint8_t size) {
  /* round(2^16 / size^2); 0 where a shift does. */
  static const uint16_t reciprocals[16] BNM_PROGMEM = {0, 0,   0,   7282, 0,   2621, 1820, 1337,
                                                       0, 809, 655, 542,  455, 388,  334,  291};
  bnm_mean mean = {bnm_read_u16(&reciprocals[size]), 0x8000u, 16};
  if (mean.factor == 0) {
    mean.factor = 1;
    mean.half = 0;
    for (mean.shift = 0; (1u << mean.shift) < (unsigned)size * size;) mean.shift++;
  }
  return mean;
}

#endif
