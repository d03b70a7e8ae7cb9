/* A convolution chain of 16 channels on buffers of its own: test/simulator/run-time-code.test.ts. */
#include "bnm_fast.h"

#define CHANNELS 16
#define CHANNEL_BYTES 28
/* For any weights. */
#define CODE_BYTES 376

uint8_t test_chain_weights[CHANNEL_BYTES * CHANNELS];
int8_t test_chain_x[256];
int8_t test_chain_y[4 * CHANNELS];

void test_chain(void) {
  static int32_t scratch[(BNM_CONV_CHAIN_NOMUL_SCRATCH + CHANNELS + CODE_BYTES) / 4];
  const bnm_conv_chain chain = {.weights = test_chain_weights, .channels = CHANNELS, .shifts = {6, 7, 7}, .convolutions = 3, .pool_map = 0};
  bnm_conv_chain_nomul(&chain, test_chain_x, scratch, test_chain_y);
}
