/* What all fast linear layers begin with: the header of their weights and the share of the mode value. */
#ifndef BNM_ROW_SUMS_H
#define BNM_ROW_SUMS_H

#include <stdint.h>

/* Sets acc to the share of the mode value (0 without row sums) and returns the words. */
const uint8_t *bnm_start_from_row_sums(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                                       int32_t *mode);

/* acc = -acc. */
void bnm_negate(int32_t *acc, unsigned n);

#endif
