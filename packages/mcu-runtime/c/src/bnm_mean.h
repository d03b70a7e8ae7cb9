/* Division of a window's sum by its number of elements without dividing each sum. */
#ifndef BNM_MEAN_H
#define BNM_MEAN_H

#include "bnm_memory.h"

/* mean = (sum * factor + half) >> shift */
typedef struct bnm_mean {
  unsigned elements;
  uint16_t factor;
  uint16_t half;
  uint8_t shift;
} bnm_mean;

/* round(2^16 / n) for n in 3 … 1024, bit by bit: parts without a divider need no library for it. */
static inline uint16_t bnm_reciprocal(unsigned n) {
  const uint32_t dividend = 65536u + (n >> 1);
  uint32_t rest = 0;
  uint16_t quotient = 0;
  for (uint8_t bit = 17; bit-- > 0;) {
    rest = rest << 1 | (dividend >> bit & 1u);
    quotient = (uint16_t)(quotient << 1);
    if (rest >= n) {
      rest -= n;
      quotient |= 1u;
    }
  }
  return quotient;
}

/* The mean over `elements`, 1 … 1024: powers of two shift only and round down. */
static inline bnm_mean bnm_mean_of(unsigned elements) {
  bnm_mean mean = {elements, 1, 0, 0};
  while ((1u << mean.shift) < elements) mean.shift++;
  if ((1u << mean.shift) != elements) {
    mean.factor = bnm_reciprocal(elements);
    mean.half = 0x8000u;
    mean.shift = 16;
  }
  return mean;
}

/* The same for another number of elements, where it is another. */
static inline void bnm_mean_update(bnm_mean *mean, unsigned elements) {
  if (mean->elements != elements) *mean = bnm_mean_of(elements);
}

#endif
