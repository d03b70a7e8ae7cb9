/*
 * Runs a BitNetMCU header by the rules that the original's C code has for it, with buffers of exactly the sizes that the header gives:
 * a header that breaks a rule is then an error of the address sanitizer. int8 inputs on standard input, int32 logits on standard output.
 * Written from the description of the format; nothing of the original is in it.
 */
#include <stdint.h>
#include <stdio.h>

#include HEADER

/* Activations between layers, and sums before they are scaled: arrays of MAX_N_ACTIVATIONS. */
static int8_t activations[MAX_N_ACTIVATIONS];
static int32_t sums[MAX_N_ACTIVATIONS];

static int sign_magnitude(uint32_t field, int bits, const int *magnitudes) {
  const uint32_t sign = 1u << (bits - 1);
  const int magnitude = magnitudes[field & (sign - 1u)];
  return field & sign ? -magnitude : magnitude;
}

static int word_weight(uint32_t word, int i, int code) {
  static const int odd[] = {1, 3, 5, 7, 9, 11, 13, 15};
  static const int powers[] = {1, 2, 4, 8, 16, 32, 64, 128};
  static const int nf4[] = {-127, -88, -67, -50, -36, -23, -12, 0, 10, 20, 31, 43, 56, 71, 92, 127};
  switch (code) {
    case 1: return word >> (31 - i) & 1u ? 1 : -1;
    case 2: return sign_magnitude(word >> (30 - 2 * i) & 3u, 2, odd);
    case 4: return sign_magnitude(word >> (28 - 4 * i) & 15u, 4, odd);
    case 12: {
      const int field = (int)(word >> (28 - 4 * i) & 15u);
      return field < 8 ? field : field - 16;
    }
    case 16: return (int8_t)(word >> (24 - 8 * i) & 255u);
    case 20: return sign_magnitude(word >> (28 - 4 * i) & 15u, 4, powers);
    default: return nf4[word >> (28 - 4 * i) & 15u];
  }
}

/* Rows begin where inputs * bits / 32 words of the row before end. */
static void linear_words(const uint32_t *weights, int code, const int8_t *input, int inputs, int outputs) {
  const int bits = code == 1 ? 1 : code == 2 ? 2 : code == 16 ? 8 : 4;
  const int per_word = 32 / bits;
  for (int o = 0; o < outputs; o++) {
    const uint32_t *row = weights + o * (inputs * bits / 32);
    int32_t sum = 0;
    for (int i = 0; i < inputs; i++) sum += input[i] * word_weight(row[i / per_word], i % per_word, code);
    sums[o] = sum;
  }
}

/* Ten trits a word, the first as the integer part of three times the fraction word / 65536; a row has inputs / 10 words. */
static void linear_trits(const uint16_t *weights, const int8_t *input, int inputs, int outputs) {
  static const int values[] = {1, -1, 0};
  for (int o = 0; o < outputs; o++) {
    const uint16_t *row = weights + o * (inputs / 10);
    int32_t sum = 0;
    for (int i = 0; i < inputs; i += 10) {
      uint32_t fraction = row[i / 10];
      for (int t = 0; t < 10; t++) {
        fraction *= 3u;
        /* Only what has a weight is looked at: behind the last activation stand zeros. */
        if (values[fraction >> 16] != 0) sum += values[fraction >> 16] * input[i + t];
        fraction &= 0xFFFFu;
      }
    }
    sums[o] = sum;
  }
}

static void normalize(int count) {
  int32_t largest = 0;
  for (int i = 0; i < count; i++) largest = sums[i] > largest ? sums[i] : largest;
  int shift = 0;
  while (largest >> 7 >> shift != 0) shift++;
  for (int i = 0; i < count; i++) {
    const int32_t scaled = sums[i] < 0 ? 0 : (sums[i] + (1 << shift >> 1)) >> shift;
    activations[i] = (int8_t)(scaled > 127 ? 127 : scaled);
  }
}

#define LINEAR(K, INPUT)                                                                                                  \
  _Generic(L##K##_weights[0], uint16_t : linear_trits((const uint16_t *)L##K##_weights, INPUT, L##K##_incoming_weights,    \
                                                      L##K##_outgoing_weights),                                           \
           default : linear_words((const uint32_t *)L##K##_weights, L##K##_bitperweight, INPUT, L##K##_incoming_weights, \
                                  L##K##_outgoing_weights))

#if defined(L2_type)
/* In place, as wide as the map before it; the room is that of the activations too. */
static int32_t map[MAX_N_ACTIVATIONS];

static void convolve(const int8_t *kernel, int width) {
  for (int y = 0; y < width - 2; y++) {
    for (int x = 0; x < width - 2; x++) {
      int32_t sum = 0;
      for (int k = 0; k < 9; k++) sum += kernel[k] * map[(y + k / 3) * width + x + k % 3];
      map[y * (width - 2) + x] = sum < 0 ? 0 : sum >> 4;
    }
  }
}

static void pool(int width) {
  for (int y = 0; y < width / 2; y++) {
    for (int x = 0; x < width / 2; x++) {
      int32_t largest = map[2 * y * width + 2 * x];
      for (int k = 1; k < 4; k++) {
        const int32_t value = map[(2 * y + k / 2) * width + 2 * x + k % 2];
        if (value > largest) largest = value;
      }
      map[y * (width / 2) + x] = largest;
    }
  }
}

static const int32_t *infer(const int8_t *input) {
  for (int c = 0; c < L4_out_channels; c++) {
    for (int i = 0; i < L2_incoming_x * L2_incoming_y; i++) map[i] = input[i];
    convolve(L2_weights + 9 * c, L2_incoming_x);
    convolve(L4_weights + 9 * c, L4_incoming_x);
    pool(L6_incoming_x);
    convolve(L7_weights + 9 * c, L7_incoming_x);
    pool(L9_incoming_x);
    for (int i = 0; i < L9_outgoing_x * L9_outgoing_y; i++) sums[c * L9_outgoing_x * L9_outgoing_y + i] = map[i];
  }
  normalize(L4_out_channels * L9_outgoing_x * L9_outgoing_y);
  LINEAR(11, activations);
  normalize(L11_outgoing_weights);
  LINEAR(13, activations);
  normalize(L13_outgoing_weights);
  LINEAR(15, activations);
  return sums;
}
#define INPUTS (L2_incoming_x * L2_incoming_y)
#define OUTPUTS L15_outgoing_weights
#else
static const int32_t *infer(const int8_t *input) {
  LINEAR(1, input);
  normalize(L1_outgoing_weights);
  LINEAR(2, activations);
  normalize(L2_outgoing_weights);
  LINEAR(3, activations);
#if defined(L4_active)
  normalize(L3_outgoing_weights);
  LINEAR(4, activations);
#endif
  return sums;
}
#define INPUTS L1_incoming_weights
#if defined(L4_active)
#define OUTPUTS L4_outgoing_weights
#else
#define OUTPUTS L3_outgoing_weights
#endif
#endif

int main(void) {
  /* INPUT_BYTES: what the test sends; INPUTS: what the header counts. */
  static int8_t input[INPUTS];
  while (fread(input, 1, INPUT_BYTES, stdin) == INPUT_BYTES) fwrite(infer(input), sizeof(int32_t), OUTPUTS, stdout);
  return 0;
}
