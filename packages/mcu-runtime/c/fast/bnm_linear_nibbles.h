/* Linear layers by nibble lists; idea: bnm_nibble_lists.h. Interface of the layers: bnm_fast.h. */
#ifndef BNM_LINEAR_NIBBLES_H
#define BNM_LINEAR_NIBBLES_H

#include "bnm_output_blocks.h"

/* As bnm_fast_linear, for a format; its parts' kernels are those of bnm_nibble_lists.h. */
void bnm_linear_nibbles(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                        const struct bnm_code_part *parts);

#endif
