/*
 * Linear layers with weights -1, 0, 1 by sums of three inputs, for parts without a multiplier. What three inputs d give an output is one of 27
 * sums, found in a table by the three codes. Two tables, for six inputs at a time, so that an accumulator is read and written once for six
 * weights.
 *
 * The codes of five outputs for an input are the trits of a byte: the fraction v / 3^5, rounded up. Three inputs' bytes are lanes of a word, 10
 * bits apart: times 3, the next trit of each stands above the point of its lane.
 */
#ifndef BNM_TRIT_SUMS_H
#define BNM_TRIT_SUMS_H

/* Offsets and sizes for the assembly kernel; checked in bnm_trit_blocks.c. */
#define BNM_TRIT_INPUTS 3
#define BNM_TRIT_TABLES 2
#define BNM_TRIT_SUMS 24
#define BNM_TRIT_LANE 10
/* The trits above the points. */
#define BNM_TRIT_MASK 0x300C0300
#define BNM_TRIT_OUTPUTS 5

#ifndef __ASSEMBLER__

#include <stdint.h>

struct bnm_trit_sums {
  const uint8_t *row[BNM_TRIT_TABLES * BNM_TRIT_INPUTS]; /* the inputs' codes */
  /* sum[n][t], n with trits in pairs of bits, is the sum over j of d[3t + j] times trit j less 1. */
  int16_t sum[1u << 2 * BNM_TRIT_INPUTS][BNM_TRIT_TABLES];
};

/*
 * Adds six inputs' share to 5 * blocks outputs.
 * column  the byte of the rows to begin with
 * blocks  at least 1
 */
void bnm_trit_blocks(const struct bnm_trit_sums *trits, unsigned column, int32_t *acc, unsigned blocks);

#endif

#endif
