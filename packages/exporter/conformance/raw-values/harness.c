/*
 * Classifies random raw samples of its own making and prints a checksum every EVERY samples, in hexadecimal: on this machine, and on
 * parts in place of main.c. cases.mjs makes the same samples and expects the same checksums. Its two own headers are generated.
 */
#ifdef HOST
#include <stdio.h>
#define board_start() (void)0
#define board_write putchar
#else
#include "board.h"
#endif

#include "model.h"
#include "ranges.h"

static uint32_t state = SEED;

/* Marsaglia's xorshift32. */
static uint32_t next(void) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

static uint32_t checksum;

/* FNV-1a over 32-bit words. */
static void add(int32_t value) { checksum = (checksum ^ (uint32_t)value) * 16777619u; }

#ifdef TYPE_F32
static float random_value(int32_t low, uint32_t mask) {
  union {
    uint32_t bits;
    float value;
  } v;
  const unsigned kind = next() & 7u;
  const uint32_t random = next();
  if (kind == 0) v.bits = random;
  else if (kind == 1) v.bits = 0x7f800000u | (random & 0x80000000u);
  else if (kind == 2) v.bits = 0x7fc00000u;
  else if (kind == 3) v.bits = 0x7f7fffffu | (random & 0x80000000u);
  else v.value = (float)((int32_t)((uint32_t)low + (random & mask))) * 0.125f;
  return v.value;
}
#else
static value_type random_value(int32_t low, uint32_t mask) {
  const unsigned kind = next() & 7u;
  const uint32_t random = next();
  int32_t value = (int32_t)((uint32_t)low + (random & mask));
  if (kind == 0) value = (random & 1u) != 0 ? TYPE_MAX : TYPE_MIN;
  if (kind == 1) value = (int32_t)random;
  if (kind == 2) value = low;
  if (value < TYPE_MIN) value = TYPE_MIN;
  if (value > TYPE_MAX) value = TYPE_MAX;
  return (value_type)value;
}
#endif

int main(void) {
  static value_type values[MODEL_INPUTS];
  static int8_t input[MODEL_INPUTS];
  static int32_t logits[MODEL_OUTPUTS];
  board_start();
  for (unsigned sample = 1; sample <= SAMPLES; sample++) {
    for (unsigned i = 0; i < MODEL_INPUTS; i++) values[i] = random_value(lows[i / RUN], masks[i / RUN]);
    add(model_infer_raw(values, logits));
    add(model_classify_raw(values));
    MAKE_INPUT(values, input);
    for (unsigned i = 0; i < MODEL_INPUTS; i++) add(input[i]);
    for (unsigned i = 0; i < MODEL_OUTPUTS; i++) add(logits[i]);
    if (sample % EVERY != 0) continue;
    for (int digit = 28; digit >= 0; digit -= 4) board_write("0123456789abcdef"[checksum >> digit & 15u]);
    board_write('\n');
  }
  return 0;
}
