/*
 * Sums of a channel by code that is written for its weights (bnm_convolve_code of bnm_fast.h). For each weight it loads the element under it and
 * adds or subtracts that, for each signed digit of the weight (bnm_signed_digits.h), in the register of the digit's position; in the end the
 * registers become one sum by Horner's rule. An output so takes 2 cycles a weight and 1 a digit, and some 20 for the end and the loop over the
 * outputs of a row. Weights that are 0 take nothing. A channel whose code is longer than its place is made in parts.
 */
#ifndef BNM_LAYER_CODE_H
#define BNM_LAYER_CODE_H

/* Offsets for the assembly; checked in bnm_convolve_code.c. */
#define BNM_CODE_ROWS_CODE 0
#define BNM_CODE_ROWS_X 4
#define BNM_CODE_ROWS_SUMS 8
#define BNM_CODE_ROWS_WIDTH 12
#define BNM_CODE_ROWS_NEXT 16
#define BNM_CODE_ROWS_ROWS 20

#define BNM_CODE_WRITER_CODE 0
#define BNM_CODE_WRITER_LAST 4
#define BNM_CODE_WRITER_OFFSET 8
#define BNM_CODE_WRITER_POSITIONS 12

/* Where the code finds the address to go on at behind a row: in the frame of its caller. */
#define BNM_CODE_RETURN 0

#ifndef __ASSEMBLER__

#include <stdint.h>

#include "bnm_fast.h"

/* Weights that are unpacked at once. */
#define BNM_CODE_WEIGHTS 16u
/* A load and the digits of a weight; the sum of all positions, and the loop. */
#define BNM_CODE_WEIGHT_BYTES 20u
#define BNM_CODE_END_BYTES (7u * 4u + 30u)

/* The scratch of a layer: `weight_bytes` of it. */
struct bnm_layer_code {
  int16_t weights[BNM_CODE_WEIGHTS];
  uint16_t code[];
};

/* Code on its way. */
struct bnm_code_writer {
  uint16_t *code;       /* where it goes on */
  const uint16_t *last; /* where a weight may begin at most */
  uint32_t offset;      /* of the element under the next weight, 0 ... 2047 */
  uint32_t positions;   /* a bit for each position whose register holds something */
};

/* Writes the products of weights of elements side by side, -128 ... 128, as far as there is room; returns the first weight that is left. */
const int16_t *bnm_write_products(struct bnm_code_writer *writer, const int16_t *weights, const int16_t *end);

struct bnm_code_rows {
  const uint16_t *code;
  const int8_t *x; /* under the first weight of the first output */
  int32_t *sums;
  uint32_t width;  /* of a row of outputs, in bytes of x */
  int32_t next;    /* from the end of a row to the first output of the next */
  uint32_t rows;
};

/*
 * Runs the code on all outputs. It begins an output at t0 with the address of its first element and at ra with that of its sum, moves both on
 * until t0 is tp, and then jumps to the address at BNM_CODE_RETURN of the frame; it changes all registers but sp, gp and tp.
 */
void bnm_run_code_rows(const struct bnm_code_rows *rows);

#endif

#endif
