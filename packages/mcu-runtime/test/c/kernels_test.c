/* The kernels on values worked out by hand. Prints what differs; the exit code is the number of differences. */
#include <stdio.h>
#include <string.h>

#include "bnm.h"
#include "expect.h"
#include "format_examples.h"

static void linear_layers(void) {
  int32_t acc[2];
  const int8_t x[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

  /* Two rows, the second one all +. */
  bnm_linear_binary(x, 10, (const uint8_t[]){0xB1, 0x02, 0xFF, 0x03}, 2, acc);
  EXPECT("rows of binary", acc, 5, 55);

  /* Codes 0 1 2 3 | 0 and 3 3 3 3 | 3. */
  bnm_linear_2bitsym(x, 5, (const uint8_t[]){0xE4, 0x00, 0xFF, 0x03}, 2, acc);
  EXPECT("rows of 2bitsym", acc, -3 - 2 + 3 + 12 - 15, 3 * 15);

  /* The largest products: -128 * -128 and 127 * 127. */
  bnm_linear_8bit((const int8_t[]){-128, 5, 127}, 3, (const uint8_t[]){0, 128, 255}, 1, acc);
  EXPECT("8bit", acc, 16384 + 16129);
}

/* The row that stands in each format's record: input by input as a linear layer, and from every weight on as integers. */
static void rows_of_formats(void) {
  for (unsigned f = 0; f < sizeof format_examples / sizeof format_examples[0]; f++) {
    const struct format_example *example = &format_examples[f];
    for (unsigned i = 0; i < example->count; i++) {
      int8_t x[MOST_EXAMPLES] = {0};
      x[i] = -128;
      int32_t acc;
      example->linear(x, example->count, example->bytes, 1, &acc);
      const int32_t product = -128 * (int32_t)example->integers[i];
      expect(example->name, &acc, &product, 1);
      int16_t w[MOST_EXAMPLES];
      example->unpack(example->bytes, (uint16_t)i, (uint16_t)(example->count - i), w);
      for (unsigned k = i; k < example->count; k++) {
        const int32_t found = w[k - i], wanted = example->integers[k];
        expect(example->name, &found, &wanted, 1);
      }
    }
  }
}

static void unpacking(void) {
  int16_t w[16];
  int32_t wide[16];
#define EXPECT_UNPACKED(format, first, count, bytes, ...)   \
  do {                                                      \
    bnm_unpack_##format(bytes, first, count, w);            \
    for (unsigned i = 0; i < (count); i++) wide[i] = w[i];  \
    EXPECT("unpack " #format, wide, __VA_ARGS__);           \
  } while (0)

  const uint8_t all_nibbles[] = {0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE};
  EXPECT_UNPACKED(nf4, 0, 16, all_nibbles, -127, -88, -67, -50, -36, -23, -12, 0, 10, 20, 31, 43, 56, 71, 92, 127);
  EXPECT_UNPACKED(fp130, 0, 16, all_nibbles, -128, -64, -32, -16, -8, -4, -2, -1, 1, 2, 4, 8, 16, 32, 64, 128);
  EXPECT_UNPACKED(4bitsym, 13, 3, all_nibbles, 11, 13, 15);
  EXPECT_UNPACKED(4bit, 7, 2, all_nibbles, -1, 0);

  const uint8_t bits[] = {0xB1, 0x02};
  EXPECT_UNPACKED(binary, 6, 4, bits, -1, 1, -1, 1);
  const uint8_t pairs[] = {0xE4, 0x1B};
  EXPECT_UNPACKED(2bitsym, 3, 3, pairs, 3, 3, 1);
  const uint8_t bytes[] = {0, 127, 255};
  EXPECT_UNPACKED(8bit, 1, 2, bytes, -1, 127);

  const uint8_t trits[] = {188, 188};
  EXPECT_UNPACKED(ternary, 3, 4, trits, 1, 0, 1, -1);
  /* Codes 31 0 16 31: 11111 00000 10000 11111, lowest bits first. */
  const uint8_t fives[] = {0x1F, 0xC0, 0x0F};
  EXPECT_UNPACKED(5bitsym, 2, 2, fives, 1, 31);
  const uint8_t groups[] = {0x9C, 0xC7, 0x7A, 0xAB, 0xAA, 0x12};
  EXPECT_UNPACKED(4p6bit, 3, 3, groups, -13, -21, -9);
}

static void after_linear_layers(void) {
  int32_t acc[] = {3, -3, 5};
  bnm_output_shift(acc, (const uint8_t[]){0, 4, 15}, 3);
  EXPECT("output shift", acc, 3, -48, 163840);
  bnm_add_bias(acc, (const int32_t[]){-4, 48, 1}, 3);
  EXPECT("bias", acc, -1, 0, 163841);

  /* 1000 >> 7 = 7 has 3 bits; (1000 + 4) >> 3 = 125. */
  int8_t y[6];
  bnm_shift_norm_relu((const int32_t[]){1000, -1000, 3, 4, 12, 0}, 6, y);
  EXPECT_I8("ShiftNorm", y, 125, 0, 0, 1, 2, 0);
  /* 1023 rounds to 128 at shift 3 and is clipped. */
  bnm_shift_norm_relu((const int32_t[]){1023, 127}, 2, y);
  EXPECT_I8("ShiftNorm clips", y, 127, 16);
  bnm_shift_norm_relu((const int32_t[]){INT32_MAX, INT32_MIN, 1 << 24}, 3, y);
  EXPECT_I8("ShiftNorm of extremes", y, 127, 0, 1);
  bnm_shift_norm_relu((const int32_t[]){127, 100, -5}, 3, y);
  EXPECT_I8("ShiftNorm without shift", y, 127, 100, 0);
  bnm_shift_norm_relu((const int32_t[]){-1, -2}, 2, y);
  EXPECT_I8("ShiftNorm of negatives", y, 0, 0);
  int32_t place[] = {1000, 500, -1};
  bnm_shift_norm_relu(place, 3, (int8_t *)place);
  EXPECT_I8("ShiftNorm in place", (int8_t *)place, 125, 63, 0);

  /* 127 * 500 / 1000 = 63.5 is rounded up, 127 * 3 / 1000 = 0.381 down. */
  bnm_max_abs_norm_relu((const int32_t[]){1000, 500, 4, 3, -1000, 0}, 6, y);
  EXPECT_I8("max-abs norm", y, 127, 64, 1, 0, 0, 0);
  /* Shifted by 8: 127 * 4194304 / 8388607 = 63.50001. */
  bnm_max_abs_norm_relu((const int32_t[]){INT32_MAX, 1 << 30, 255, INT32_MIN}, 4, y);
  EXPECT_I8("max-abs norm of extremes", y, 127, 64, 0, 0);
  bnm_max_abs_norm_relu((const int32_t[]){-1, 0, -7}, 3, y);
  EXPECT_I8("max-abs norm of negatives", y, 0, 0, 0);
  int32_t maximum[] = {1000, 500, -1};
  bnm_max_abs_norm_relu(maximum, 3, (int8_t *)maximum);
  EXPECT_I8("max-abs norm in place", (int8_t *)maximum, 127, 64, 0);

  int32_t z[4];
  bnm_relu_shift((const int32_t[]){-1, 15, 16, INT32_MAX}, 4, 4, z);
  EXPECT("ReLU and shift", z, 0, 0, 1, 134217727);
  /* (-3 + 1) >> 1 = -1, (-4 + 1) >> 1 = -2: halves are rounded up. */
  bnm_requantize((const int32_t[]){-3, -4, 3, 1000}, 4, 1, -100, 100, y);
  EXPECT_I8("requantize", y, -1, -2, 2, 100);
  bnm_requantize((const int32_t[]){-3, 5, INT32_MIN, INT32_MAX}, 4, 0, 0, 127, y);
  EXPECT_I8("requantize without shift", y, 0, 5, 0, 127);
  bnm_requantize_i32((const int32_t[]){INT32_MAX, INT32_MIN, 300, -300}, 4, 1, -200, 1 << 30, z);
  EXPECT("requantize to int32", z, 1 << 30, -200, 150, -150);
  /* Half of each number, rounded down: -128 -> -64, 127 -> 63. */
  int8_t halves[256];
  for (int i = 0; i < 256; i++) halves[i] = (int8_t)((i - 128) >> 1);
  int8_t looked_up[] = {-128, -1, 0, 5, 127};
  bnm_lookup(looked_up, 5, halves, looked_up);
  EXPECT_I8("lookup in place", looked_up, -64, -1, 0, 2, 63);
  bnm_add((const int32_t[]){1, -2}, (const int32_t[]){10, 20}, 2, 3, 1, z);
  EXPECT("add", z, 28, 24);
  /* rms of 3, -4, 0, 0 is 2.5: R = 640; 10 * 3/2.5 = 12, 10 * -4/2.5 = -16. */
  int8_t rms[] = {3, -4, 0, 0};
  bnm_rms_norm(rms, 4, 10, rms);
  EXPECT_I8("rms norm in place", rms, 12, -16, 0, 0);
  bnm_rms_norm((const int8_t[]){-128, 1, 0, 0}, 4, 127, rms);
  EXPECT_I8("rms norm saturates", rms, -127, 2, 0, 0);
  int32_t top[] = {-5, 4, 3, 6, INT32_MIN, 0};
  bnm_top_relu(top, 6, top);
  EXPECT("top relu in place", top, 0, 2, 0, 6, 0, 0);
  bnm_top_relu((const int32_t[]){INT32_MAX, INT32_MIN, INT32_MAX - 1}, 3, top);
  EXPECT("top relu of the largest numbers", LIST(top[0], top[1], top[2]), INT32_MAX, 0, INT32_MAX - 2);
  bnm_add_scaled((const int32_t[]){1, -2}, (const int32_t[]){10, 20}, 2, -3, 3, 1, z);
  EXPECT("add scaled", z, -4, 88);

  const int32_t ties[] = {-7, 9, 9, 2};
  EXPECT("argmax", LIST(bnm_argmax(ties, 4), bnm_argmax(ties, 1)), 1, 0);
  int32_t widened[3];
  memcpy(widened, (const int8_t[]){-128, 0, 127}, 3);
  bnm_widen((const int8_t *)widened, 3, widened);
  EXPECT("widen in place", widened, -128, 0, 127);
}

static void convolutions(void) {
  /* 3 x 4 plane. */
  const int8_t plane[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  int16_t taps[9];
  int32_t y[24];
  /* Kernel 2 x 2 with weights 1 -1 / 2 0: x[r][c] - x[r][c+1] + 2 x[r+1][c]. */
  bnm_conv2d conv = {
      .groups = 1,
      .group_inputs = 1,
      .group_outputs = 1,
      .height = 3,
      .width = 4,
      .out_height = 2,
      .out_width = 3,
      .kernel_height = 2,
      .kernel_width = 2,
      .stride_y = 1,
      .stride_x = 1,
      .row_bytes = 4,
      .unpack = bnm_unpack_8bit,
      .weights = (const uint8_t[]){129, 127, 130, 128},
  };
  bnm_conv2d_channel_i8(&conv, 0, plane, taps, y);
  EXPECT("conv2d", y, 9, 11, 13, 17, 19, 21);

  int32_t map[12];
  bnm_widen(plane, 12, map);
  bnm_conv2d_channel_i32(&conv, 0, map, taps, map);
  EXPECT("conv2d in place", map, 9, 11, 13, 17, 19, 21);

  conv.output_shifts = (const uint8_t[]){2};
  conv.bias = (const int32_t[]){-30};
  bnm_conv2d_channel_i8(&conv, 0, plane, taps, y);
  EXPECT("conv2d with shift and bias", y, 6, 14, 22, 38, 46, 54);
  conv.output_shifts = 0;
  conv.bias = 0;

  /* Zero padding 1 and stride 2 x 3: windows at rows -1, 1 and columns -1, 2. */
  conv.padding_y = 1;
  conv.padding_x = 1;
  conv.stride_y = 2;
  conv.stride_x = 3;
  conv.out_height = 2;
  conv.out_width = 2;
  bnm_conv2d_channel_i8(&conv, 0, plane, taps, y);
  EXPECT("conv2d with padding and stride", y, 0, 2 * 3, -5, 7 - 8 + 22);

  /* Two groups of one input and two outputs each, kernel 1 x 1 with weights 1 3 / -3 -1. */
  const bnm_conv2d grouped = {
      .groups = 2,
      .group_inputs = 1,
      .group_outputs = 2,
      .height = 1,
      .width = 2,
      .out_height = 1,
      .out_width = 2,
      .kernel_height = 1,
      .kernel_width = 1,
      .stride_y = 1,
      .stride_x = 1,
      .row_bytes = 1,
      .unpack = bnm_unpack_2bitsym,
      .weights = (const uint8_t[]){2, 3, 0, 1},
  };
  bnm_conv2d_i8(&grouped, (const int8_t[]){1, 2, 10, 20}, taps, y);
  EXPECT("grouped conv2d", y, 1, 2, 3, 6, -30, -60, -10, -20);
  bnm_conv2d_i32(&grouped, (const int32_t[]){1, 2, 10, 20}, taps, y);
  EXPECT("grouped conv2d over int32", y, 1, 2, 3, 6, -30, -60, -10, -20);

  /* One group of two inputs: 1 * x[0] - 1 * x[1]. */
  bnm_conv2d summed = grouped;
  summed.groups = 1;
  summed.group_inputs = 2;
  summed.group_outputs = 1;
  summed.weights = (const uint8_t[]){0x06};
  bnm_conv2d_i8(&summed, (const int8_t[]){1, 2, 10, 20}, taps, y);
  EXPECT("conv2d over two inputs", y, -9, -18);
}

static void planes(void) {
  const int32_t plane[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -12};
  const int8_t narrow[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -12};
  int32_t y[12];
  int8_t z[12];
  /* The plane is 3 x 4. */
  const bnm_pool2d halves = {3, 4, 1, 2, 2, 2, 2, 2, 0, 0, 0};
  bnm_max_pool2d_i32(&halves, plane, y);
  EXPECT("max pooling", y, 6, 8);
  const bnm_pool2d sliding = {3, 4, 2, 3, 2, 2, 1, 1, 0, 0, 0};
  bnm_max_pool2d_i8(&sliding, narrow, z);
  EXPECT_I8("max pooling, stride 1", z, 6, 7, 8, 10, 11, 11);
  /* Two rows of three, one after another, the first from column -1: columns -1 … 1 and 1 … 3 of rows 0 … 1. */
  const bnm_pool2d padded = {3, 4, 1, 2, 2, 3, 2, 2, 0, 1, 0};
  bnm_max_pool2d_i32(&padded, (const int32_t[]){-1, -2, -3, -4, -5, -6, -7, -8, 9, 9, 9, 9}, y);
  EXPECT("max pooling with padding", y, -1, -2);
  bnm_max_pool2d_i8(&padded, narrow, z);
  EXPECT_I8("max pooling of int8 with padding", z, 6, 8);

  /* Sums 14 and 22 over four; powers of two round down. */
  bnm_avg_pool2d_i32(&halves, plane, y);
  EXPECT("average pooling", y, 3, 5);
  /* Column 2 of rows 1 and 2: 7 + 8 + 11 - 12 = 14. */
  bnm_avg_pool2d_i8(&sliding, narrow, z);
  EXPECT_I8("average pooling, stride 1", z, 3, 4, 5, 7, 8, 3);
  const bnm_pool2d single = {2, 2, 1, 1, 2, 2, 2, 2, 0, 0, 0};
  bnm_avg_pool2d_i8(&single, (const int8_t[]){-1, 0, 0, 0}, z);
  EXPECT_I8("average pooling rounds down", z, -1);
  /* Windows of nine: sums 54 and 39; (54 * 7282 + 32768) >> 16 = 6, 39 gives 4. */
  const bnm_pool2d ninths = {3, 4, 1, 2, 3, 3, 1, 1, 0, 0, 0};
  bnm_avg_pool2d_i32(&ninths, plane, y);
  EXPECT("average pooling by nine", y, 6, 4);
  /* Sums 1 + 2 + 5 + 6 = 14 over the four that the plane has, and 2 + 3 + 4 + 6 + 7 + 8 = 30 over six: (30 * 10923 + 32768) >> 16. */
  bnm_avg_pool2d_i32(&padded, plane, y);
  EXPECT("average pooling with padding", y, 3, 5);
  /* The same sums over six: (14 * 10923 + 32768) >> 16 = 2. */
  bnm_pool2d counted = padded;
  counted.count_padding = 1;
  bnm_avg_pool2d_i8(&counted, narrow, z);
  EXPECT_I8("average pooling that counts its padding", z, 2, 5);

  bnm_crop_i32(plane, 4, 1, 2, 2, 2, y);
  EXPECT("crop", y, 7, 8, 11, -12);
  memcpy(z, narrow, sizeof narrow);
  bnm_crop_i8(z, 4, 0, 1, 3, 2, z);
  EXPECT_I8("crop in place", z, 2, 3, 6, 7, 10, 11);
}

int main(void) {
  linear_layers();
  rows_of_formats();
  unpacking();
  after_linear_layers();
  convolutions();
  planes();
  return failures;
}
