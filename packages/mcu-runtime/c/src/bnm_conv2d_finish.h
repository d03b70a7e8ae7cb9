/* What follows the sum of a convolution's channel: output shift and bias. */
#ifndef BNM_CONV2D_FINISH_H
#define BNM_CONV2D_FINISH_H

#include "bnm.h"

void bnm_conv2d_finish(const bnm_conv2d *conv, uint16_t channel, int32_t *y);

#endif
