/* What follows the sum of a convolution's channel: output shift and bias. */
#ifndef BNM_CONV2D_FINISH_H
#define BNM_CONV2D_FINISH_H

#include "bnm.h"

static inline void bnm_conv2d_finish(const bnm_conv2d *conv, uint16_t channel, int32_t *y) {
  if (conv->output_shifts == 0 && conv->bias == 0) return;
  const uint8_t shift = conv->output_shifts == 0 ? 0 : bnm_read_u8(&conv->output_shifts[channel]);
  const int32_t bias = conv->bias == 0 ? 0 : bnm_read_i32(&conv->bias[channel]);
  const unsigned n = (unsigned)conv->out_height * conv->out_width;
  for (unsigned i = 0; i < n; i++) y[i] = (int32_t)((uint32_t)y[i] << shift) + bias;
}

#endif
