/*
 * Products of the Fourier transform (bnm_power_spectrum.c). Without a multiplier they come from tables of multiples, an
 * octal digit a look-up: no branches, and what has a factor in common shares its table. The compiler's own multiplication takes 220
 * cycles, one of these 40 to 60. BNM_OCTAL_PRODUCTS asks for them where there is a multiplier.
 */
#ifndef BNM_SPECTRUM_PRODUCTS_H
#define BNM_SPECTRUM_PRODUCTS_H

#include <stdint.h>

#if defined(__riscv) && !defined(__riscv_mul) && !defined(BNM_OCTAL_PRODUCTS)
#define BNM_OCTAL_PRODUCTS
#endif

#if defined(__GNUC__)
/* Also where the rest is compiled for size: a call takes more than what is called. */
#define BNM_INLINE static inline __attribute__((always_inline))
#define BNM_OUT_OF_LINE static __attribute__((noinline))
#else
#define BNM_INLINE static inline
#define BNM_OUT_OF_LINE static
#endif

/* Before products 16 bits hold the parts, as AVR parts need them. */
typedef struct bnm_complex {
  int_fast16_t re, im;
} bnm_complex;

/* (product + 2^14) >> 15 */
BNM_INLINE int_fast16_t bnm_rounded(int32_t product) { return (int_fast16_t)((product + 16384) >> 15); }

#ifdef BNM_OCTAL_PRODUCTS

/* A factor by its multiples. Sums of them wrap at 32 bits on the way, but not at its end. */
typedef struct bnm_factor {
  uint32_t times[8];
} bnm_factor;

BNM_INLINE void bnm_set_factor(bnm_factor *factor, int32_t x) {
  uint32_t *const times = factor->times;
  const uint32_t one = (uint32_t)x, two = one << 1, four = one << 2;
  times[0] = 0;
  times[1] = one;
  times[2] = two;
  times[3] = two + one;
  times[4] = four;
  times[5] = four + one;
  times[6] = four + two;
  times[7] = (one << 3) - one;
}

/* v: 0 … 32767 */
BNM_INLINE uint32_t bnm_five_digits(const uint32_t *times, uint32_t v, uint32_t sum) {
  sum = (sum << 3) + times[v >> 12 & 7];
  sum = (sum << 3) + times[v >> 9 & 7];
  sum = (sum << 3) + times[v >> 6 & 7];
  sum = (sum << 3) + times[v >> 3 & 7];
  return (sum << 3) + times[v & 7];
}

/* factor * v; v: -16384 … 16383 */
BNM_OUT_OF_LINE int32_t bnm_scaled_by(const bnm_factor *factor, int_fast16_t v) {
  return (int32_t)(bnm_five_digits(factor->times, (uint32_t)(v + 16384), 0) - (factor->times[1] << 14));
}

/* v: -65535 … 65535 */
BNM_OUT_OF_LINE uint32_t bnm_square(int32_t v) {
  const uint32_t magnitude = (uint32_t)(v < 0 ? -v : v);
  bnm_factor factor;
  bnm_set_factor(&factor, (int32_t)magnitude);
  return bnm_five_digits(factor.times, magnitude, factor.times[magnitude >> 15]);
}

/* z (cosine - i sine) / 2^15; both 0 … 32767 */
BNM_OUT_OF_LINE bnm_complex bnm_turned_by(bnm_complex z, int16_t cosine, int16_t sine) {
  const uint32_t c = (uint32_t)cosine, s = (uint32_t)sine;
  bnm_factor parts[2];
  uint32_t re = 0, im = 0;
  bnm_set_factor(parts, (int32_t)z.re);
  bnm_set_factor(parts + 1, (int32_t)z.im);
#define BNM_DIGIT(SHIFT)                                             \
  {                                                                  \
    const uint32_t *const by_c = parts[0].times + (c >> SHIFT & 7u); \
    const uint32_t *const by_s = parts[0].times + (s >> SHIFT & 7u); \
    re = (re << 3) + by_c[0] + by_s[8];                              \
    im = (im << 3) + by_c[8] - by_s[0];                              \
  }
  BNM_DIGIT(12)
  BNM_DIGIT(9)
  BNM_DIGIT(6)
  BNM_DIGIT(3)
  BNM_DIGIT(0)
#undef BNM_DIGIT
  z.re = bnm_rounded((int32_t)re);
  z.im = bnm_rounded((int32_t)im);
  return z;
}

#else

typedef int16_t bnm_factor;

BNM_INLINE void bnm_set_factor(bnm_factor *factor, int32_t x) { *factor = (int16_t)x; }

BNM_INLINE int32_t bnm_scaled_by(const bnm_factor *factor, int_fast16_t v) { return (int32_t)*factor * (int32_t)v; }

BNM_INLINE uint32_t bnm_square(int32_t v) { return (uint32_t)v * (uint32_t)v; }

BNM_INLINE bnm_complex bnm_turned_by(bnm_complex z, int16_t c, int16_t s) {
  const int32_t re = (int32_t)z.re, im = (int32_t)z.im;
  const bnm_complex turned = {bnm_rounded(re * c + im * s), bnm_rounded(im * c - re * s)};
  return turned;
}

#endif

#endif
