/*
 * Runs the network on the samples in flash, prints a line of each, and compares a checksum of all logits with that of the reference inference:
 * what the chip computes is then, bit for bit, what was verified. samples.h is generated with the project.
 */
#include "self_test.h"

#include "board.h"
#ifdef BNM_CYCLES
/* Of boards that have them: the part counts the cycles of each inference, and they are printed behind its answer. */
#include "cycles.h"
#include "decimal.h"
#endif
#include "samples.h"

static void print(const char *text) {
  while (*text != 0) board_write(*text++);
}

/* Without a division, which the smallest cores do not have. */
static void print_number(unsigned value) {
  if (SELF_TEST_NUMBERS > 10) {
    unsigned tens = 0;
    for (; value >= 10; value -= 10) tens++;
    if (tens != 0) print_number(tens);
  }
  board_write((char)('0' + value));
}

/* Packed: the background's value, then the sample, in which a background is followed by how often it occurs in a row. */
static const self_test_value *unpack_sample(const self_test_value *packed, self_test_value *sample) {
  const self_test_value *const end = sample + SELF_TEST_INPUTS;
  const self_test_value background = sample_value(packed++);
  while (sample != end) {
    const self_test_value value = sample_value(packed++);
    const self_test_value *run_end = sample + 1;
    if (value == background) run_end = sample + (uint8_t)sample_value(packed++);
    do {
      *sample++ = value;
    } while (sample != run_end);
  }
  return packed;
}

void self_test(void) {
  static int8_t input[SELF_TEST_INPUTS];
  static int32_t logits[SELF_TEST_OUTPUTS];
#ifdef self_test_quantize
  /* Raw values. */
  static self_test_value sample[SELF_TEST_INPUTS];
#else
  int8_t *const sample = input;
#endif
  const self_test_value *packed = samples;
  uint32_t checksum = 0;
#ifdef SELF_TEST_COUNTS
  unsigned sample_number = 0;
#endif
  while (packed != samples + SAMPLE_VALUES) {
    packed = unpack_sample(packed, sample);
#ifdef self_test_quantize
    self_test_quantize(sample, input);
#endif
#ifdef BNM_CYCLES
    cycles_start();
    const uint32_t counting = cycles_stop();
    cycles_start();
#endif
    const unsigned answer = (unsigned)self_test_infer(input, logits);
#ifdef BNM_CYCLES
    const uint32_t cycles = cycles_stop() - counting;
#endif
    /* Times 5, so that the same logits in another order give another sum. */
    for (const int32_t *logit = logits; logit != logits + SELF_TEST_OUTPUTS; logit++) {
      checksum = (checksum << 2) + checksum + (uint32_t)*logit;
    }
    print("\r\n" SELF_TEST_WORD " ");
#ifdef SELF_TEST_COUNTS
    (void)answer;
    print_number(sample_number++);
#else
    print_number(answer);
#endif
#ifdef BNM_CYCLES
    print(", cycles ");
    decimal_unsigned(cycles);
#endif
  }
  print(checksum == EXPECTED_CHECKSUM ? "\r\nself-test passed" : "\r\nFAILED");
}
