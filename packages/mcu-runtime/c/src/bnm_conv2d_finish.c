/* Output shift and bias of a convolution's channel, where it has them. Interface: bnm_conv2d_finish.h. */
#include "bnm_conv2d_finish.h"

void bnm_conv2d_finish(const bnm_conv2d *conv, uint16_t channel, int32_t *y) {
  if (conv->output_shifts == 0 && conv->bias == 0) return;
  const uint8_t shift = conv->output_shifts == 0 ? 0 : bnm_read_u8(&conv->output_shifts[channel]);
  const int32_t bias = conv->bias == 0 ? 0 : bnm_read_i32(&conv->bias[channel]);
  const unsigned n = (unsigned)conv->out_height * conv->out_width;
  for (unsigned i = 0; i < n; i++) y[i] = (int32_t)((uint32_t)y[i] << shift) + bias;
}
