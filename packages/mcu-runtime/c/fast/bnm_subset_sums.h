/*
 * Linear layers with weights -1 and 1 by sums of subsets. What four inputs d give an output is one of 16 sums of d and -d, found in a table by
 * the four codes (the "method of four Russians": Arlazarov, Dinic, Kronrod, Faradzev, 1970). Inputs at the mode value are passed over first,
 * so that a table is filled for any four, and rows of codes are read for those only. Eight inputs at a time, by two tables, so that an
 * accumulator is read and written once for eight weights.
 */
#ifndef BNM_SUBSET_SUMS_H
#define BNM_SUBSET_SUMS_H

/* Offsets and sizes for the assembly kernels; checked in bnm_subset_blocks.c. */
#define BNM_SUBSET_INPUTS 4
#define BNM_SUBSET_SUMS 32
#define BNM_SUBSET_TABLE_BYTES 64
#define BNM_SUBSET_OUTPUTS 16

#ifndef __ASSEMBLER__

#include <stdint.h>

struct bnm_subset_sums {
  const uint8_t *row[2 * BNM_SUBSET_INPUTS]; /* the inputs' codes, 16 outputs in an aligned half-word, the first lowest */
  /* sum[t][n] is the sum over j of d[4t + j] where bit j of n is set, and of -d[4t + j] where it is not. */
  int32_t sum[2][1u << BNM_SUBSET_INPUTS];
};

/*
 * Adds eight inputs' share to 16 * blocks outputs.
 * column  where to begin in the rows: bytes, an even number
 * blocks  at least 1
 */
void bnm_subset_blocks(const struct bnm_subset_sums *subsets, unsigned column, int32_t *acc, unsigned blocks);

#endif

#endif
