/* Output shift and bias of a convolution's channel, where it has them. Interface: bnm_conv2d_finish.h. */
#include "bnm_conv2d_finish.h"

void bnm_conv2d_finish(const bnm_conv2d *conv, uint16_t channel, int32_t *y) {
  if (conv->output_shifts == 0 && conv->bias == 0) return;
  const uint8_t output_shift = conv->output_shifts == 0 ? 0 : bnm_read_u8(&conv->output_shifts[channel]);
  const int32_t bias = conv->bias == 0 ? 0 : bnm_read_i32(&conv->bias[channel]);
  for (int32_t *const end = y + (uint16_t)(conv->out_height * conv->out_width); y != end; y++) {
    uint32_t sum = (uint32_t)*y;
    for (uint8_t shift = output_shift; shift != 0; shift--) sum <<= 1;
    *y = (int32_t)(sum + (uint32_t)bias);
  }
}
