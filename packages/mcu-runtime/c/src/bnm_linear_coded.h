/*
 * Linear layers with coded weights: a prefix code, in a stream for each input, so that inputs that are 0 (or, in a layer with row sums,
 * equal to the mode value: that of the first and the last input) are passed over unread.
 *
 * Layout, 4-byte aligned:
 *   u8  flags      1: row sums follow; 0: none
 *   u8  turn       outputs modulo 6
 *   u8  book       which of the format's codes
 *   u8  0
 *   i16 sums       one for each output, rounded up to an even number of them
 *   u8  lengths    for each input the bytes of its stream
 *   u8  streams    for each input the words of its weights, output after output, from a byte's lowest bit on
 *   u8  4 more, which are read
 *
 * For an input a table holds its product with every integer weight, in the order of the words: `products[next 5 bits]` is the product of
 * the weight whose word begins there, times 2^12, plus the word's length. So one load says what to add and how far to go on, and the
 * lengths add up below the sums, where they are shifted out in the end. Layers have fewer than 2^12 / longest word inputs, and sums of
 * 20 bits.
 */
#ifndef BNM_LINEAR_CODED_H
#define BNM_LINEAR_CODED_H

#define BNM_CODED_WORDS 32
#define BNM_CODED_SUM 12
/* Where the header has the book. */
#define BNM_CODED_BOOK 2

/* Offsets in struct bnm_coded_layer for assembly; checked in bnm_linear_coded.c. */
#define BNM_CODED_X 0
#define BNM_CODED_X_END 4
#define BNM_CODED_LENGTHS 8
#define BNM_CODED_STREAM 12
#define BNM_CODED_SUMS 16
#define BNM_CODED_SUMS_END 20
#define BNM_CODED_FILL 24
#define BNM_CODED_MODE 28
#define BNM_CODED_TURN 32

#ifndef __ASSEMBLER__

#include "bnm.h"

/* Fills the table of an input. x: 2^BNM_CODED_SUM times the input. */
typedef void bnm_fill_coded(uint32_t *products, uint32_t x);

struct bnm_coded_layer {
  const int8_t *x, *x_end;
  /* In flash; 2 bytes before the streams and 4 behind them are readable. */
  const uint8_t *lengths, *stream;
  uint32_t *sums, *sums_end; /* 2^BNM_CODED_SUM times the accumulators, and below that the lengths of words */
  bnm_fill_coded *fill;
  int mode;
  unsigned turn; /* outputs modulo 6 */
};

void bnm_linear_coded(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                      bnm_fill_coded *fill);

/* sums[o] += products of output o's weights with all inputs less the mode value */
void bnm_add_coded_rows(const struct bnm_coded_layer *layer);

/* The entries of a word. word: its bits, the first one lowest. */
static inline void bnm_coded_product(uint32_t *products, unsigned word, unsigned length, uint32_t product) {
#if defined(__GNUC__) && !defined(__clang__) && !defined(__OPTIMIZE_SIZE__) && !defined(__AVR__)
#pragma GCC unroll 32
#endif
  for (unsigned i = word; i < BNM_CODED_WORDS; i += 1u << length) products[i] = product + length;
}

#endif

#endif
