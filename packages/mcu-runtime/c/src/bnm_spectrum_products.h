/*
 * Products of the Fourier transform (bnm_power_spectrum.c). Without a multiplier those that are added are computed together: the four of
 * a turn from multiples of its parts, an octal digit a step; two squares bit by bit. There are two such functions and no third,
 * as a call for each product, or steps written out one by one, would not fit beside a network (what a frame takes: node bench/keywords/run.mjs).
 * BNM_DIGIT_PRODUCTS asks for them where there is a multiplier.
 */
#ifndef BNM_SPECTRUM_PRODUCTS_H
#define BNM_SPECTRUM_PRODUCTS_H

#include <stdint.h>

#if defined(__riscv) && !defined(__riscv_mul) && !defined(BNM_DIGIT_PRODUCTS)
#define BNM_DIGIT_PRODUCTS
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

#ifdef BNM_DIGIT_PRODUCTS

#define BNM_OF_PRODUCTS BNM_OUT_OF_LINE

/* z (cosine - i sine) / 2^15; both 0 … 32767. Sums of multiples wrap at 32 bits on the way, but not at its end. */
BNM_INLINE bnm_complex bnm_turned_by(bnm_complex z, int_fast16_t cosine, int_fast16_t sine) {
  uint32_t times[16], *next = times, one = (uint32_t)z.re;
  do {
    const uint32_t two = one << 1, four = one << 2;
    next[0] = 0;
    next[1] = one;
    next[2] = two;
    next[3] = two + one;
    next[4] = four;
    next[5] = four + one;
    next[6] = four + two;
    next[7] = (one << 3) - one;
    one = (uint32_t)z.im;
    next += 8;
  } while (next != times + 16);
  uint32_t c = (uint32_t)cosine << 17 | 0x10000u, s = (uint32_t)sine << 17;
  uint32_t re = 0, im = 0;
  do {
    const uint32_t *const by_c = times + (c >> 29), *const by_s = times + (s >> 29);
    re = (re << 3) + by_c[0] + by_s[8];
    im = (im << 3) + by_c[8] - by_s[0];
    c <<= 3;
    s <<= 3;
  } while (c != 0x80000000u);
  z.re = bnm_rounded((int32_t)re);
  z.im = bnm_rounded((int32_t)im);
  return z;
}

/* re^2 + im^2; both -65535 … 65535 */
BNM_OUT_OF_LINE uint32_t bnm_power(int32_t re, int32_t im) {
  const uint32_t a = (uint32_t)(re < 0 ? -re : re), b = (uint32_t)(im < 0 ? -im : im);
  uint32_t c = a << 16 | 0x8000u, s = b << 16;
  uint32_t sum = 0;
  do {
    sum <<= 1;
    if ((int32_t)c < 0) sum += a;
    if ((int32_t)s < 0) sum += b;
    c <<= 1;
    s <<= 1;
  } while (c != 0x80000000u);
  return sum;
}

#else

#define BNM_OF_PRODUCTS BNM_INLINE

BNM_INLINE bnm_complex bnm_turned_by(bnm_complex z, int_fast16_t cosine, int_fast16_t sine) {
  const int32_t re = (int32_t)z.re, im = (int32_t)z.im, c = (int32_t)cosine, s = (int32_t)sine;
  const bnm_complex turned = {bnm_rounded(re * c + im * s), bnm_rounded(im * c - re * s)};
  return turned;
}

BNM_INLINE uint32_t bnm_power(int32_t re, int32_t im) {
  return (uint32_t)re * (uint32_t)re + (uint32_t)im * (uint32_t)im;
}

#endif

#endif
