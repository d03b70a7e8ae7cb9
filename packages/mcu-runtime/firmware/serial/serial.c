/* SPDX-License-Identifier: MIT */
/* The commands of serial.h. */
#ifdef BNM_SERIAL
#include "serial.h"

#include "board.h"
#include "cycles.h"
#include "decimal.h"
#include "samples.h"

#define AS_TEXT(number) #number
#define NUMBER(macro) AS_TEXT(macro)

static int8_t input[SELF_TEST_INPUTS];
static int32_t logits[SELF_TEST_OUTPUTS];

static const char identity[] BNM_PROGMEM =
    "\r\nbitnetmcu 2 " SELF_TEST_SHA256 " " NUMBER(SELF_TEST_INPUTS) " " NUMBER(SELF_TEST_OUTPUTS) "\r\n";
#ifndef SELF_TEST_COUNTS
static const char decision_word[] BNM_PROGMEM = "\r\n" SELF_TEST_WORD " ";
#endif
static const char logits_word[] BNM_PROGMEM = "\r\nlogits";
static const char cycles_word[] BNM_PROGMEM = "\r\ncycles ";
static const char error_word[] BNM_PROGMEM = "\r\nerror\r\n";

/* text: in flash. */
static void print(const char *text) {
  for (char character; (character = (char)bnm_read_u8(text)) != 0; text++) board_write(character);
}

/* What the network makes of `input`, and in *cycles what that took. */
static unsigned run(uint32_t *cycles) {
  cycles_start();
  const uint32_t counting = cycles_stop();
  cycles_start();
  const unsigned answer = (unsigned)self_test_infer(input, logits);
  *cycles = cycles_stop() - counting;
  return answer;
}

/* Up to the end of the last line, which is left open. */
static void print_figures(uint32_t cycles) {
  print(logits_word);
  for (const int32_t *logit = logits; logit != logits + SELF_TEST_OUTPUTS; logit++) {
    board_write(' ');
    decimal_signed(*logit);
  }
  print(cycles_word);
  decimal_unsigned(cycles);
}

static void end_line(void) {
  board_write('\r');
  board_write('\n');
}

int8_t *serial_input(void) {
  return input;
}

void serial_logits(void) {
  uint32_t cycles;
  (void)run(&cycles);
  print_figures(cycles);
  end_line();
}

/* sum: that of the sample's line. */
static void answer_sample(uint8_t sum) {
  uint32_t cycles;
  const unsigned answer = run(&cycles);
#ifdef SELF_TEST_COUNTS
  (void)answer;
#else
  print(decision_word);
  decimal_unsigned(answer);
#endif
  print_figures(cycles);
  board_write(' ');
  decimal_unsigned(sum);
  end_line();
}

/* The next character of a line that has begun; a line feed for all that ends one: that, a carriage return, Ctrl-D. */
static char read_character(void) {
  const char character = board_read();
  return character == '\r' || character == BOARD_END ? '\n' : character;
}

/*
 * Reads a sample behind its colon up to the end of its line, or up to what does not belong there. Gives whether it is one;
 * *byte: its last byte, the sum; *last: the last character.
 */
static int read_sample(uint8_t *byte, char *last) {
  uint8_t sum = 0;
  for (unsigned digits = 0; digits != 2u * SELF_TEST_INPUTS + 2u; digits++) {
    const char character = *last = read_character();
    uint8_t digit = (uint8_t)(character - '0');
    if (digit > 9) {
      digit = (uint8_t)((character | 32) - 'a');
      if (digit > 5) return 0;
      digit = (uint8_t)(digit + 10);
    }
    *byte = (uint8_t)(*byte << 4 | digit);
    if (digits & 1) {
      sum = (uint8_t)(sum + *byte);
      if (digits < 2u * SELF_TEST_INPUTS) input[digits >> 1] = (int8_t)*byte;
    }
  }
  *last = read_character();
  return sum == 0 && *last == '\n';
}

void serial(void (*row)(char character)) {
  char character;
  uint8_t sum = 0;
  print(identity);
  while ((character = board_read()) != BOARD_END) {
    if (character == '\n' || character == '\r') continue;
    if (character == '?') {
      character = read_character();
      if (character == '\n') {
        print(identity);
        continue;
      }
    } else if (character == ':') {
      if (read_sample(&sum, &character)) {
        answer_sample(sum);
        continue;
      }
    } else if (row != 0) {
      for (; character != '\n'; character = read_character()) row(character);
      row(character);
      continue;
    }
    while (character != '\n') character = read_character();
    print(error_word);
  }
}
#endif
