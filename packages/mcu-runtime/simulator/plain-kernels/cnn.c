/* 16x16 pixels; CHANNELS times: 3x3, depthwise 3x3, pool, depthwise 3x3, pool, four features; then linear FC1 (2 bit), FC2 and 10. */
#include "plain.h"

#define FEATURES (4 * CHANNELS)

WEIGHTS const int8_t kernels[CHANNELS][3][9];
WEIGHTS const uint32_t first_weights[FEATURES * FC1 / 16];
WEIGHTS const uint32_t second_weights[FC1 * FC2 / 8];
WEIGHTS const uint32_t last_weights[FC2 * 10 / 8];
int8_t input[256];
static int32_t plane[196];
static int32_t features[FEATURES];
static int8_t activations[FEATURES > FC1 ? FEATURES : FC1];
static int32_t acc[FC1];

int infer(void) {
  for (int c = 0; c < CHANNELS; c++) {
    convolve_int8(input, 16, kernels[c][0], plane);
    convolve_int32(plane, 14, kernels[c][1], plane);
    max_pool(plane, 12, plane);
    convolve_int32(plane, 6, kernels[c][2], plane);
    max_pool(plane, 4, features + 4 * c);
  }
  relu_norm(features, activations, FEATURES);
  linear_2bit(activations, first_weights, FEATURES, FC1, acc);
  relu_norm(acc, activations, FC1);
  linear_4bit(activations, second_weights, FC1, FC2, acc);
  relu_norm(acc, activations, FC2);
  linear_4bit(activations, last_weights, FC2, 10, acc);
  return relu_norm(acc, activations, 10);
}
