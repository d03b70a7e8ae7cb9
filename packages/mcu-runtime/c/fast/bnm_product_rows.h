/*
 * The sums of a channel by multiplication, in assembly for RV32E and Armv6-M, and for the DSP
 * extension: what bnm_convolve_products and bnm_convolve_blocks (bnm_fast.h) share.
 */
#ifndef BNM_PRODUCT_ROWS_H
#define BNM_PRODUCT_ROWS_H

#include "bnm_hot.h"

#if (defined(BNM_RV32E) && defined(__riscv_mul)) || defined(BNM_THUMB) || defined(BNM_DSP)
#define BNM_PRODUCT_ROWS 1
#endif

/* Offsets for the assembly; checked in bnm_convolve_products.c. */
#define BNM_ROWS_TAPS 0
#define BNM_ROWS_X 4
#define BNM_ROWS_SUMS 8
#define BNM_ROWS_ROW_BYTES 12
#define BNM_ROWS_ROWS 16
#define BNM_ROWS_NEXT_ROW 20
#define BNM_ROWS_PLANES 24
#define BNM_ROWS_KERNEL_ROWS 28
#define BNM_ROWS_KERNEL_BYTES 32
#define BNM_ROWS_NEXT_KERNEL_ROW 36
#define BNM_ROWS_NEXT_PLANE 40
#define BNM_ROWS_BYTES 44

#ifndef __ASSEMBLER__

#include <stdint.h>

struct bnm_product_rows {
  const int16_t *taps; /* of all planes */
  const int8_t *x;     /* under the first one of the first output */
  int32_t *sums;
  uint32_t row_bytes;  /* 4 an output of a row, of which there are at least 4 */
  uint32_t rows;
  int32_t next_row;    /* from the element behind the last output's of a row to the first one of the next */
  uint32_t planes, kernel_rows;
  uint32_t kernel_bytes; /* 2 a weight of a row */
  uint32_t next_kernel_row; /* from the element behind a row of the kernel to the first one of the next */
  uint32_t next_plane; /* from below the last kernel row in one plane to the first one in the next */
};

/* Outputs side by side, four at once: any kernel, a step of 1 from one output to the next in a row. */
void bnm_product_rows(const struct bnm_product_rows *rows);

/* Blocks of 2x2 outputs: a kernel of 3x3 over one plane, steps of 1; at least 2 rows and 2 columns of outputs. */
void bnm_product_blocks(const struct bnm_product_rows *rows);

#endif

#endif
