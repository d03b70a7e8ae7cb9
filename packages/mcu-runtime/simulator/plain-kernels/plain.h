/*
 * Straightforward kernels for the test of the timing model against published figures: one weight after another, the way a
 * first port to the CH32V00x would be written. They are no part of the library (see ../../c for that) and stand in for the code
 * of the original project, which is not used here; only its weight format is: 32-bit words, first weight in the topmost bits,
 * sign bit (1 = negative) then magnitude.
 */
#ifndef PLAIN_H
#define PLAIN_H

#include <stdint.h>

/* Kernels run from RAM or from flash; weights are always in flash. */
#ifdef CODE_IN_RAM
#define KERNEL __attribute__((noinline, section(".ramcode")))
#else
#define KERNEL __attribute__((noinline))
#endif
#define WEIGHTS __attribute__((section(".weights")))

/* Odd weights -15 ... 15, in 4 bits: by multiplication, or by shifts and additions. */
void linear_4bit(const int8_t *x, const uint32_t *weights, int inputs, int outputs, int32_t *acc);
/* Weights -3, -1, 1, 3 in 2 bits. */
void linear_2bit(const int8_t *x, const uint32_t *weights, int inputs, int outputs, int32_t *acc);
/* Weights of plus and minus 1, 2, 4 ... 128: sign and exponent in 4 bits. */
void linear_fp130(const int8_t *x, const uint32_t *weights, int inputs, int outputs, int32_t *acc);

/* 3x3 kernel over a square plane, ReLU, shift by 4; y may be x. */
void convolve_int8(const int8_t *x, int width, const int8_t *kernel, int32_t *y);
void convolve_int32(const int32_t *x, int width, const int8_t *kernel, int32_t *y);
/* 2x2; y may be x. */
void max_pool(const int32_t *x, int width, int32_t *y);

/* Returns the index of the maximum and writes the activations of the next layer. */
int relu_norm(const int32_t *acc, int8_t *y, int n);

/* The network: returns the class. */
int infer(void);

#endif
