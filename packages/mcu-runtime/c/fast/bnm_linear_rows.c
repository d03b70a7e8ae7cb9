/* Interface: bnm_linear_rows.h. */
#include "bnm_linear_rows.h"

#include "bnm_hot.h"
#include "bnm_row_sums.h"

/* The first input from x on that differs from the mode value; *row follows it. */
static inline const int8_t *skip(const int8_t *x, const int8_t *end, int32_t mode, unsigned row_bytes,
                                 const uint8_t **row) {
  const uint8_t *at = *row;
  while (x != end && *x == mode) {
    x++;
    at += row_bytes;
  }
  *row = at;
  return x;
}

BNM_WARM(bnm_linear_rows)
void bnm_linear_rows(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                     unsigned row_bytes, bnm_add_row *add_row) {
  int32_t first;
  const uint8_t *row = bnm_start_from_row_sums(x, inputs, weights, outputs, acc, &first);
  const int32_t mode = first;
  const int8_t *const end = x + inputs;
  for (;;) {
    x = skip(x, end, mode, row_bytes, &row);
    if (x == end) return;
    add_row(row, outputs, *x++ - mode, acc);
    row += row_bytes;
  }
}
