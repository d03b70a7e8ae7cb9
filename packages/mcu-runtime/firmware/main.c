/*
 * Classifies the samples in flash, prints each class, and compares a checksum of all logits with that of the reference inference:
 * what the chip computes is then, bit for bit, what was verified. samples.h is generated with the project.
 */
#include "board.h"
#include "samples.h"

static void print(const char *text) {
  while (*text != 0) board_write(*text++);
}

/* Without a division, which the smallest cores do not have. */
static void print_number(unsigned value) {
  static const uint16_t powers[] = {10000, 1000, 100, 10, 1};
  int started = 0;
  for (unsigned i = 0; i < 5; i++) {
    char digit = '0';
    while (value >= powers[i]) {
      value -= powers[i];
      digit++;
    }
    started |= digit != '0' || i == 4;
    if (started) board_write(digit);
  }
}

static void print_hex(uint32_t value) {
  for (int shift = 28; shift >= 0; shift -= 4) board_write("0123456789abcdef"[(value >> shift) & 15u]);
}

/* FNV-1a over the logits' bytes, lowest first. */
static uint32_t add_to_checksum(uint32_t checksum, const int32_t *logits) {
  for (unsigned i = 0; i < MODEL_OUTPUTS; i++) {
    uint32_t rest = (uint32_t)logits[i];
    for (unsigned byte = 0; byte < 4; byte++, rest >>= 8) checksum = (checksum ^ (rest & 255u)) * 16777619u;
  }
  return checksum;
}

int main(void) {
  static int32_t logits[MODEL_OUTPUTS];
  uint32_t checksum = 2166136261u;
  unsigned wrong = 0;
  board_start();
  print(MODEL_NAME "\r\n");
  for (unsigned i = 0; i < SAMPLE_COUNT; i++) {
    const unsigned class = (unsigned)model_infer(samples[i], logits);
    checksum = add_to_checksum(checksum, logits);
    print("sample ");
    print_number(i);
    print(": class ");
    print_number(class);
    if (class != expected_classes[i]) {
      wrong++;
      print(", not ");
      print_number(expected_classes[i]);
    }
    print("\r\n");
  }
  print("checksum ");
  print_hex(checksum);
  print(wrong == 0 && checksum == EXPECTED_CHECKSUM ? ": self-test passed\r\n" : ": SELF-TEST FAILED\r\n");
  return 0;
}
