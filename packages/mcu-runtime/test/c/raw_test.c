/* Raw values, rows of text and streams on values worked out by hand. Prints what differs; the exit code is the number of differences. */
#include <stdio.h>
#include <string.h>

#include "bnm_raw.h"
#include "bnm_row.h"
#include "bnm_stream.h"

static int failures;

static void expect(const char *what, long found, long wanted) {
  if (found == wanted) return;
  printf("%s: %ld found, %ld wanted\n", what, found, wanted);
  failures++;
}

/* 0 … 255 to -128 … 127 by steps of 1, and -1000 … 1550 by steps of 10: 65536/10 = 6553.6, so that 10 steps are 6554/65536 * 100 = 10.0006. */
static const bnm_raw_feature bytes = {0, 255, -128 * 65536 + 32768, 65535, 0, 16};
static const bnm_raw_feature tens = {-1000, 1550, -128 * 65536 + 32768, 6554, 0, 16};
/* 15 doublings over 255 steps: 17 each; 256 * 17 / 2^8. */
static const bnm_raw_feature doublings = {0, 32767, -128 * 256 + 128, 17, BNM_RAW_LOG2, 8};
/* All of int32: 2^32 - 1 >> 16 is 65535. */
static const bnm_raw_feature wide = {INT32_MIN, INT32_MAX, INT32_MIN, 65535, 16, 24};

static void quantization(void) {
  int8_t input[8];
  const bnm_raw_feature two[] = {bytes, tens};
  bnm_quantize_raw_i16((const int16_t[]){128, 285, -32768, 32767}, 2, 2, two, input);
  /* 128 * 65535 is half a step less than 128 * 65536. */
  expect("i16, 128 of bytes", input[0], 0);
  expect("i16, 285 of bytes", input[1], 127);
  expect("i16, far below", input[2], -128);
  expect("i16, far above", input[3], 127);
  bnm_quantize_raw_u8((const uint8_t[]){0, 255}, 1, 2, &bytes, input);
  expect("u8, 0", input[0], -128);
  expect("u8, 255", input[1], 127);
  bnm_quantize_raw_i32((const int32_t[]){INT32_MIN, INT32_MAX, 0, 0, 1, 3, 32767, INT32_MAX}, 1, 3, &wide, input);
  expect("i32, lowest", input[0], -128);
  expect("i32, highest", input[1], (0xfffe0001 - 0x80000000ll) >> 24);
  expect("i32, 0", input[2], (32768ll * 65535 - 0x80000000ll) >> 24);
  bnm_quantize_raw_i32((const int32_t[]){0, 1, 3, 7, 32767, -5}, 1, 6, &doublings, input);
  for (int i = 0; i < 4; i++) expect("log2, a doubling", input[i], -128 + 17 * i);
  expect("log2, the end", input[4], 127);
  expect("log2, below", input[5], -128);
}

static void floats(void) {
  int8_t input[8];
  const uint8_t decimals[] = {1};
  const float infinite = 1e38f * 1e38f;
  bnm_quantize_raw_f32((const float[]){12.85f, 12.75f, 0.05f, -1e30f, infinite, infinite - infinite, -0.04f, 25.5f}, 1, 8,
                       &bytes, decimals, input);
  /* 128.5 and 127.5 (the products in float) to even, 128; -128 + 128 */
  expect("f32, half to even", input[0], 0);
  expect("f32, half up to even", input[1], 0);
  expect("f32, 0.5", input[2], -128);
  expect("f32, far below", input[3], -128);
  expect("f32, infinite", input[4], 127);
  expect("f32, no number", input[5], -128);
  expect("f32, below a half", input[6], -128);
  expect("f32, the end", input[7], 127);
}

/* The states that are not MORE, and the values of those that are READY. */
static void row(const char *text, int wanted_state, int wanted_count, int first, int second) {
  static const uint8_t decimals[] = {1, 2};
  int16_t values[2] = {0, 0};
  bnm_row one = {values, decimals, 2, 1, BNM_RAW_I16, 0, 0, 0, 0, 0, 0, 0};
  bnm_row_state state = BNM_ROW_MORE;
  for (; *text != 0; text++) state = bnm_row_add(&one, *text);
  expect(text, state, wanted_state);
  if (state != BNM_ROW_MORE) expect("count", one.count, wanted_count);
  if (state != BNM_ROW_READY) return;
  expect("first value", values[0], first);
  expect("second value", values[1], second);
}

static void rows(void) {
  row("5.1,0.25\n", BNM_ROW_READY, 2, 51, 25);
  row("-5.1 ;\t+.25\r", BNM_ROW_READY, 2, -51, 25);
  /* 51.5 and 12.5 to even; a little more is more. */
  row("5.15 0.125\n", BNM_ROW_READY, 2, 52, 12);
  row("5.25 0.12500001\n", BNM_ROW_READY, 2, 52, 13);
  row("1,2,\n", BNM_ROW_READY, 2, 10, 200);
  row("99999999999 -4000\n", BNM_ROW_READY, 2, 32767, -32768);
  row("\r\n", BNM_ROW_MORE, 0, 0, 0);
  row("1\n", BNM_ROW_NUMBERS, 1, 0, 0);
  row("1 2 3\n", BNM_ROW_NUMBERS, 3, 0, 0);
  row("1,x\n", BNM_ROW_TEXT, 1, 0, 0);
  row("1,,2\n", BNM_ROW_TEXT, 1, 0, 0);
  row(",1,2\n", BNM_ROW_TEXT, 0, 0, 0);
  row("1e3 2\n", BNM_ROW_TEXT, 0, 0, 0);
  row("1-2 2\n", BNM_ROW_TEXT, 0, 0, 0);
  row("- 2\n", BNM_ROW_TEXT, 0, 0, 0);
  /* A wrong row does not spoil the next. */
  row("a b c\n1 2 3\n3.5 4\n", BNM_ROW_READY, 2, 35, 400);
}

static void streams(void) {
  int8_t windows[] = {1, 2, 3, 4, 11, 12, 13, 14};
  bnm_slide_windows(windows, 2, 4, 3);
  expect("the last value of a channel", windows[0], 4);
  expect("of the next", windows[4], 14);
  uint16_t votes[] = {0, 0, 0};
  const uint16_t decisions[] = {2, 1, 1, 2, 0};
  /* 2; 2 and 1: the last; 1 twice; 2 1 1; 0 2 1: the last. */
  const uint16_t majority[] = {2, 1, 1, 1, 0};
  for (int i = 0; i < 5; i++) expect("vote", bnm_vote(votes, 3, decisions[i]), majority[i]);
  int16_t scores[] = {0, 0};
  /* 32767 >> 1 = 16383; then -16383 >> 1 = -8192 and 16383: 8191 and 16383. */
  expect("mean vote", bnm_mean_vote(scores, 2, 1, 0), 0);
  expect("score", scores[0], 16383);
  expect("mean vote", bnm_mean_vote(scores, 2, 1, 1), 1);
  expect("score", scores[0], 8191);
  expect("score", scores[1], 16383);
}

int main(void) {
  quantization();
  floats();
  rows();
  streams();
  return failures;
}
