/*
 * Linear layers with codes of 2 bits: for each input that differs from the mode value, a row of the codes of all outputs.
 * With so few levels the products of an input are few: they are found in a small table, without multiplying.
 */
#ifndef BNM_LINEAR_ROWS_H
#define BNM_LINEAR_ROWS_H

#include <stdint.h>

/* acc[o] += difference * (weight of output o) for at least one output. */
typedef void bnm_add_row(const uint8_t *row, unsigned outputs, int32_t difference, int32_t *acc);
bnm_add_row bnm_add_row_2bitsym;

void bnm_linear_rows(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                     unsigned row_bytes, bnm_add_row *add_row);

/* The table's entry at an offset in bytes. */
static inline int32_t bnm_product_at(const int32_t *products, unsigned offset) {
  return *(const int32_t *)(const void *)((const char *)products + offset);
}

#endif
