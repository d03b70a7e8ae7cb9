/*
 * Classifies the samples in flash, prints each class, and compares a checksum of all logits with that of the reference inference:
 * what the chip computes is then, bit for bit, what was verified. samples.h is generated with the project.
 */
#include "self_test.h"

#include "board.h"
#include "samples.h"

static void print(const char *text) {
  while (*text != 0) board_write(*text++);
}

/* Without a division, which the smallest cores do not have. */
static void print_number(unsigned value) {
  if (MODEL_OUTPUTS > 10) {
    unsigned tens = 0;
    for (; value >= 10; value -= 10) tens++;
    if (tens != 0) print_number(tens);
  }
  board_write((char)('0' + value));
}

/* From the background's value, then runs: how often the background, how many other values, these values. */
static const int8_t *unpack_sample(const int8_t *packed, int8_t *input) {
  const int8_t *const end = input + MODEL_INPUTS;
  const int8_t background = sample_byte(packed++);
  while (input != end) {
    for (uint8_t run = (uint8_t)sample_byte(packed++); run != 0; run--) *input++ = background;
    for (uint8_t run = (uint8_t)sample_byte(packed++); run != 0; run--) *input++ = sample_byte(packed++);
  }
  return packed;
}

void self_test(void) {
  static int8_t input[MODEL_INPUTS];
  static int32_t logits[MODEL_OUTPUTS];
  const int8_t *packed = samples;
  uint32_t checksum = 0;
  print(MODEL_NAME);
  for (unsigned i = 0; i < SAMPLE_COUNT; i++) {
    packed = unpack_sample(packed, input);
    const unsigned class = (unsigned)model_infer(input, logits);
    /* Rotated by 5 bits, so that the same logits in another order give another sum. */
    for (const int32_t *logit = logits; logit != logits + MODEL_OUTPUTS; logit++) {
      checksum = (checksum << 5 | checksum >> 27) + (uint32_t)*logit;
    }
    print("\r\nclass ");
    print_number(class);
  }
  print(checksum == EXPECTED_CHECKSUM ? "\r\nself-test passed\r\n" : "\r\nSELF-TEST FAILED\r\n");
}
