/* Kernels that exist on hosts only, compiled in where BNM_HOST_KERNELS is defined. */
#ifndef BNM_HOST_H
#define BNM_HOST_H

#include <stdint.h>

/* Linear layer over integers that were unpacked when the model was loaded.
 * weights  outputs * inputs int16_t, row after row; 2-byte aligned
 * the rest as bnm_linear_* in bnm.h */
void bnm_linear_int16(const int8_t *x, uint16_t inputs, const int16_t *weights, uint16_t outputs, int32_t *acc);

#endif
