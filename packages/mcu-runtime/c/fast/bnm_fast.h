/*
 * Fast linear layers for 32-bit parts with and without a multiplier. Same results as the plain kernels of bnm.h, to the bit;
 * the weights are laid out differently, by src/layout/fast-*.ts of @bitnetmcu/mcu-runtime.
 *
 * Every kernel skips inputs that are zero, or, in a layer with row sums, equal to the background: the value that the first
 * and the last input share. acc[o] = background * (sum of row o) + sum over the other inputs of w[o][i] * (x[i] - background).
 *
 * Layout, 4-byte aligned, little-endian:
 *   u32 header     1: row sums follow, 0: none
 *   i16 sums       one for each output, rounded up to an even number of them
 *   u32 words      for each block of outputs, for each input (or group of inputs): the block's codes, first output lowest
 */
#ifndef BNM_FAST_H
#define BNM_FAST_H

#include <stdint.h>

#include "bnm_memory.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Without a multiplier: by the bits of the activations ("bit planes"). Blocks of 8 outputs with 4-bit codes.
 *
 * x        int8 activations
 * inputs   1 ... 16 383
 * weights  as above
 * outputs  1 ... 65 535
 * acc      `outputs` accumulators; must not overlap x
 * Stack: about 420 bytes.
 */
void bnm_linear_4bitsym_planes(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc);
void bnm_linear_4bit_planes(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc);

/* The same with a multiplier: two products in each multiplication. Stack: about 370 bytes. */
void bnm_linear_4bitsym_swar(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc);
void bnm_linear_4bit_swar(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc);

#ifdef __cplusplus
}
#endif

#endif
