// Activation functions and their gradients, element by element; the functions themselves are made from @bitnetmcu/models.
#pragma once
#include "../engine.h"
#include "activations.h"
#include "elementwise.h"

KERNEL activation(Context *ctx, const Op_activation *op) {
  const int32_t width = padded(op->features);
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *x = ROW(input, inputStride);
    float *y = ROW(output, outputStride);
    switch (op->function) {
#define FORWARD(name) case ACTIVATION_##name: for (int32_t i = 0; i < width; i += LANES) store(y + i, activate_##name(load(x + i))); break;
      EACH_ACTIVATION(FORWARD)
#undef FORWARD
      default: refuse(ctx, op->code, op->function); return;
    }
  }
}

/** `input` is what the function read, or of functions that work in place what it wrote. */
KERNEL activationBackward(Context *ctx, const Op_activationBackward *op) {
  const int32_t width = padded(op->features);
  for (int32_t row = 0; row < ctx->batch; row++) {
    const float *x = ROW(input, inputStride);
    const float *g = ROW(gradient, gradientStride);
    float *to = ROW(output, outputStride);
    switch (op->function) {
#define BACKWARD(name) \
  case ACTIVATION_##name: for (int32_t i = 0; i < width; i += LANES) store(to + i, gradient_##name(load(x + i), load(g + i))); break;
      EACH_ACTIVATION(BACKWARD)
#undef BACKWARD
      default: refuse(ctx, op->code, op->function); return;
    }
  }
}
