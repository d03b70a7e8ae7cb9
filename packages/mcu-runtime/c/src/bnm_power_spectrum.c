/* Fourier transform of int16 with one exponent, in place. Interface: bnm_features.h. */
#include "bnm_features.h"

/* A bin: first a complex value, then its power. */
typedef union bin {
  struct {
    int16_t re, im;
  } z;
  uint32_t power;
} bin;

/* Fails to compile where a bin is not a word. */
typedef char bnm_bin_is_a_word[sizeof(bin) == 4 ? 1 : -1];

#define QUARTER 128u

static int16_t quarter(unsigned i) { return (int16_t)bnm_read_u16(bnm_quarter_sine + i); }

/* Cosine and sine of i 512ths of a turn, 0 <= i <= 256. */
static int16_t cosine(unsigned i) { return (int16_t)(i <= QUARTER ? quarter(QUARTER - i) : -quarter(i - QUARTER)); }
static int16_t sine(unsigned i) { return quarter(i <= QUARTER ? i : 2 * QUARTER - i); }

static uint16_t magnitude_bits(int16_t v) { return (uint16_t)(v < 0 ? ~v : v); }

static unsigned reversed(unsigned i, unsigned half) {
  unsigned result = 0;
  for (unsigned bit = half >> 1; bit != 0; bit >>= 1) {
    if (i & 1) result |= bit;
    i >>= 1;
  }
  return result;
}

/* Differences from the mean at 14 bits with their sign, under the window, in bit-reversed order. Returns the exponent. */
static int16_t load(const int16_t *x, unsigned n, bin *bins) {
  const unsigned stride = 4 * QUARTER / n;
  const int16_t mean = bnm_integer_mean(x, (uint16_t)n);
  uint32_t bits = 0;
  for (unsigned i = 0; i < n; i++) {
    const int32_t d = (int32_t)x[i] - mean;
    bits |= (uint32_t)(d < 0 ? ~d : d);
  }
  const int8_t down = (int8_t)(bnm_bit_length(bits) - 13);
  for (unsigned i = 0; i < n; i++) {
    const int32_t d = (int32_t)x[i] - mean;
    const int32_t scaled = down >= 0 ? d >> down : (int32_t)((uint32_t)d << -down);
    const unsigned angle = i * stride;
    const int32_t window = (32768 - (int32_t)cosine(angle <= 2 * QUARTER ? angle : 4 * QUARTER - angle)) >> 1;
    const int16_t value = (int16_t)((scaled * window + 16384) >> 15);
    bin *b = bins + reversed(i >> 1, n >> 1);
    if (i & 1) {
      b->z.im = value;
    } else {
      b->z.re = value;
    }
  }
  return down;
}

/* Bits of all parts beyond 13, which the next pass drops. */
static uint8_t excess(const bin *bins, unsigned half) {
  uint16_t bits = 0;
  for (unsigned i = 0; i < half; i++) bits |= magnitude_bits(bins[i].z.re) | magnitude_bits(bins[i].z.im);
  const uint8_t length = bnm_bit_length(bits);
  return length > 13 ? (uint8_t)(length - 13) : 0;
}

typedef struct turned {
  int32_t re, im;
} turned;

/* (re + i im) e^(-2 pi i angle / 512), 0 <= angle < 256 */
static turned turn(int32_t re, int32_t im, unsigned angle) {
  turned t = {re, im};
  if (angle == 0) return t;
  if (angle == QUARTER) {
    t.re = im;
    t.im = -re;
    return t;
  }
  const int32_t c = cosine(angle), s = sine(angle);
  t.re = (re * c + im * s + 16384) >> 15;
  t.im = (im * c - re * s + 16384) >> 15;
  return t;
}

static void stage(bin *bins, unsigned half, unsigned length, uint8_t shift) {
  const unsigned reach = length >> 1;
  const unsigned step = 4 * QUARTER / length;
  for (unsigned k = 0; k < reach; k++) {
    for (unsigned first = k; first < half; first += length) {
      bin *const a = bins + first, *const b = a + reach;
      const turned t = turn(b->z.re >> shift, b->z.im >> shift, k * step);
      const int32_t re = a->z.re >> shift, im = a->z.im >> shift;
      a->z.re = (int16_t)(re + t.re);
      a->z.im = (int16_t)(im + t.im);
      b->z.re = (int16_t)(re - t.re);
      b->z.im = (int16_t)(im - t.im);
    }
  }
}

static uint32_t power_of(int32_t re, int32_t im) {
  const uint32_t a = (uint32_t)(re < 0 ? -re : re), b = (uint32_t)(im < 0 ? -im : im);
  return a * a + b * b;
}

/* From the transform of half as many complex values to the powers of the real ones. */
static void split(bin *bins, unsigned half, unsigned stride, uint8_t shift) {
  const int32_t sum = (bins[0].z.re >> shift) + (bins[0].z.im >> shift);
  bins[0].power = 4 * power_of(sum, 0);
  for (unsigned k = 1; k <= half / 2; k++) {
    bin *const low = bins + k, *const high = bins + (half - k);
    const int32_t a = low->z.re >> shift, b = low->z.im >> shift;
    const int32_t c = high->z.re >> shift, d = high->z.im >> shift;
    const turned t = turn(b + d, c - a, k * stride);
    low->power = power_of(a + c + t.re, b - d + t.im);
    if (high != low) high->power = power_of(a + c - t.re, b - d - t.im);
  }
}

int16_t bnm_power_spectrum(const int16_t *x, uint16_t n, uint32_t *powers) {
  bin *const bins = (bin *)powers;
  const unsigned half = n >> 1;
  int16_t exponent = load(x, n, bins);
  for (unsigned length = 2; length <= half; length <<= 1) {
    const uint8_t shift = excess(bins, half);
    exponent = (int16_t)(exponent + shift);
    stage(bins, half, length, shift);
  }
  const uint8_t shift = excess(bins, half);
  split(bins, half, 4 * QUARTER / n, shift);
  return (int16_t)(exponent + shift);
}
