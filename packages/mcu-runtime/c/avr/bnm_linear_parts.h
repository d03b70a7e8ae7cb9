/*
 * Linear layers of AVR parts with a multiplier, input by input. Interface of the layers: bnm_fast.h.
 *
 * Inputs that differ from the mode value (bnm_fast.h) are listed as differences of 0 ... 255; those below it are listed apart and
 * subtracted. For a window of them the sums of eight (or four) outputs stay in registers. The sum of a window's differences is at most
 * BNM_WINDOW_SUM, so that 15 times it fits 16 bits.
 *
 * Layout, no alignment:
 *   u8 header[4]   1: row sums follow, 0: none; three zeros
 *   i16 sums       one for each output, rounded up to an even number of them
 *   u8 weights     for each part of a code, for each block of outputs, for each input: the block's codes, first output lowest;
 *                  outputs that the last block lacks are 0
 */
#ifndef BNM_LINEAR_PARTS_H
#define BNM_LINEAR_PARTS_H

#define BNM_WINDOW_ENTRIES 48
#define BNM_WINDOW_SUM 4369

#ifndef __ASSEMBLER__

#include <stdint.h>

#include "bnm_memory.h"

/*
 * Sums of a block over a window.
 * list     `entries` pairs: 4 times the number of inputs to pass over, the difference of the next one; differences of 0 fill gaps
 * entries  1 ... BNM_WINDOW_ENTRIES
 * weights  in flash: the block's codes for the input at which the window begins
 * sums     one for each output of the block
 */
typedef void bnm_block_sums(const uint8_t *list, uint8_t entries, const uint8_t *weights, int32_t *sums);

bnm_block_sums bnm_nibble_sums; /* 8 outputs, 4 bytes an input: numbers of 4 bits */
bnm_block_sums bnm_bit_sums;    /* 8 outputs, 1 byte an input: single bits */
bnm_block_sums bnm_fp130_sums;  /* 4 outputs, 2 bytes an input: codes of FP130 */
bnm_block_sums bnm_nf4_sums;    /* the same of NF4 */

/* Some bits of every code; the integer of a code is offset + 2^scale_log2 times the sum of 2^shift * bits over the parts. */
struct bnm_linear_part {
  bnm_block_sums *block;
  uint8_t outputs; /* of a block */
  uint8_t bytes;   /* of a block's codes for an input */
  uint8_t shift;
  uint8_t is_last;
};

/* parts   in flash, the last one marked */
void bnm_linear_parts(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc,
                      const struct bnm_linear_part *parts, uint8_t scale_log2, int16_t offset);

#endif

#endif
