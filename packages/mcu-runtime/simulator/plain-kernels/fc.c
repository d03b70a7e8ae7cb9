/* A fully connected network of 256 inputs, HIDDEN_LAYERS layers of WIDTH, 10 outputs; BITS per weight, kernel LINEAR. */
#include "plain.h"

#define WORDS(INPUTS, OUTPUTS) ((INPUTS) * (OUTPUTS) * BITS / 32)

WEIGHTS const uint32_t first_weights[WORDS(256, WIDTH)];
WEIGHTS const uint32_t hidden_weights[HIDDEN_LAYERS - 1][WORDS(WIDTH, WIDTH)];
WEIGHTS const uint32_t last_weights[WORDS(WIDTH, 10)];
int8_t input[256];
static int8_t activations[WIDTH];
static int32_t acc[WIDTH];

int infer(void) {
  LINEAR(input, first_weights, 256, WIDTH, acc);
  relu_norm(acc, activations, WIDTH);
  for (int i = 0; i < HIDDEN_LAYERS - 1; i++) {
    LINEAR(activations, hidden_weights[i], WIDTH, WIDTH, acc);
    relu_norm(acc, activations, WIDTH);
  }
  LINEAR(activations, last_weights, WIDTH, 10, acc);
  return relu_norm(acc, activations, 10);
}
