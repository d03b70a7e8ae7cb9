/* Fourier transform of int16 with one exponent, in place. Interface: bnm_features.h. */
#include "bnm_features.h"
#include "bnm_spectrum_products.h"

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

BNM_INLINE int16_t quarter(unsigned i) { return (int16_t)bnm_read_u16(bnm_quarter_sine + i); }

/* ---- Angles ---- */

/* e^(-2 pi i angle / 512): a quarter turn, if so, and c - is. */
typedef struct turn {
  int_fast16_t c, s;
  uint_fast8_t is_beyond;
} turn;

/* 0 <= angle < 256 */
static void set_turn(turn *by, unsigned angle) {
  by->is_beyond = (uint_fast8_t)(angle & QUARTER);
  angle &= QUARTER - 1;
  by->c = quarter(QUARTER - angle);
  by->s = quarter(angle);
}

BNM_OF_PRODUCTS bnm_complex turned(bnm_complex z, const turn *by) {
  if (by->is_beyond) {
    const int_fast16_t re = z.re;
    z.re = z.im;
    z.im = -re;
  }
  return by->s == 0 ? z : bnm_turned_by(z, by->c, by->s);
}

/* ---- Load ---- */

/* To differences from the mean, of 14 bits with their sign. One of the shifts is 0. */
typedef struct scaling {
  int_fast16_t mean, up, down;
} scaling;

static scaling scaling_of(const int16_t *x, unsigned n) {
  const int16_t *const end = x + n;
  int32_t sum = (int32_t)(n >> 1), least = *x, most = *x;
  do {
    const int32_t value = *x;
    sum += value;
    if (value < least) least = value;
    if (value > most) most = value;
  } while (++x != end);
  for (; n != 1; n >>= 1) sum >>= 1;
  const uint32_t above = (uint32_t)(most - sum), below = (uint32_t)(sum - least);
  const int_fast16_t bits = bnm_bit_length(above | (below == 0 ? 0 : below - 1));
  const scaling found = {(int_fast16_t)sum, bits < 13 ? 13 - bits : 0, bits < 13 ? 0 : bits - 13};
  return found;
}

BNM_INLINE int_fast16_t scaled(int16_t x, const scaling *to) {
  return (int_fast16_t)((int32_t)((uint32_t)((int32_t)x - to->mean) << to->up) >> to->down);
}

/* Under the window, which is the same from both ends: even values are real parts, odd ones imaginary parts. Returns the exponent. */
static int_fast16_t load(const int16_t *x, unsigned n, unsigned stride, bin *bins) {
  const scaling to = scaling_of(x, n);
  int16_t *const parts = (int16_t *)bins;
  parts[0] = 0;
  unsigned i = 1, angle = stride;
  do {
    const int beyond = (int)(angle - QUARTER);
    int32_t cosine = quarter((unsigned)(beyond < 0 ? -beyond : beyond));
    if (beyond > 0) cosine = -cosine;
    /* Both products are a turn without a cosine: at least 1, a sine is not taken for none. */
    const bnm_complex pair = {-scaled(x[n - i], &to), scaled(x[i], &to)};
    const turn window = {0, (int_fast16_t)((32768 - cosine) >> 1), 0};
    const bnm_complex windowed = turned(pair, &window);
    parts[i] = (int16_t)windowed.re;
    parts[n - i] = (int16_t)windowed.im;
    angle += stride;
  } while (++i <= n >> 1);
  return to.down - to.up;
}

static void reverse_bits(bin *bins, unsigned half) {
  unsigned reversed = 0;
  for (unsigned i = 1; i < half; i++) {
    unsigned bit = half >> 1;
    for (; (reversed & bit) != 0; bit >>= 1) reversed ^= bit;
    reversed |= bit;
    if (i < reversed) {
      const uint32_t other = bins[reversed].power;
      bins[reversed].power = bins[i].power;
      bins[i].power = other;
    }
  }
}

/* ---- Transform ---- */

BNM_INLINE uint_fast16_t magnitude_bits(int_fast16_t v) { return (uint_fast16_t)(v < 0 ? ~v : v); }

/* Of all blocks of two times `reach` bins the one pair with this turn. Returns all bits of what it writes. */
BNM_OUT_OF_LINE uint_fast16_t butterflies(bin *a, unsigned reach, unsigned half, const turn *by, int_fast16_t shift) {
  uint_fast16_t bits = 0;
  for (unsigned left = half;; a += 2 * reach) {
    bin *const b = a + reach;
    const bnm_complex z = {b->z.re >> shift, b->z.im >> shift}, t = turned(z, by);
    const int_fast16_t re = a->z.re >> shift, im = a->z.im >> shift;
    const int_fast16_t sum_re = re + t.re, sum_im = im + t.im, rest_re = re - t.re, rest_im = im - t.im;
    a->z.re = (int16_t)sum_re;
    a->z.im = (int16_t)sum_im;
    b->z.re = (int16_t)rest_re;
    b->z.im = (int16_t)rest_im;
    bits |= magnitude_bits(sum_re) | magnitude_bits(sum_im) | magnitude_bits(rest_re) | magnitude_bits(rest_im);
    left -= 2 * reach;
    if (left == 0) return bits;
  }
}

/* ---- Powers ---- */

/* From the transform of half as many complex values to the powers of the real ones. */
static void split(bin *bins, unsigned half, unsigned stride, int_fast16_t shift) {
  bin *low = bins, *high = bins + half;
  low->power = bnm_power((low->z.re >> shift) + (low->z.im >> shift), 0) << 2;
  for (unsigned angle = stride; angle <= QUARTER; angle += stride) {
    turn by;
    set_turn(&by, angle);
    low++;
    high--;
    const int_fast16_t a = low->z.re >> shift, b = low->z.im >> shift;
    const int_fast16_t c = high->z.re >> shift, d = high->z.im >> shift;
    const bnm_complex z = {b + d, c - a}, t = turned(z, &by);
    const int32_t re = (int32_t)(a + c), im = (int32_t)(b - d), turned_re = (int32_t)t.re, turned_im = (int32_t)t.im;
    low->power = bnm_power(re + turned_re, im + turned_im);
    if (high != low) high->power = bnm_power(re - turned_re, im - turned_im);
  }
}

int16_t bnm_power_spectrum(const int16_t *x, uint16_t n, uint32_t *powers) {
  bin *const bins = (bin *)powers;
  const unsigned half = n >> 1;
  unsigned stride = 1;
  for (unsigned points = n; points != 4 * QUARTER; points <<= 1) stride <<= 1;
  int_fast16_t exponent = load(x, n, stride, bins);
  reverse_bits(bins, half);
  /* Bits beyond 13 are dropped by the next pass. What was loaded has none. */
  int_fast16_t shift = 0;
  for (unsigned reach = 1, step = 2 * QUARTER; reach != half; reach <<= 1, step >>= 1) {
    uint_fast16_t bits = 0;
    bin *first = bins;
    for (unsigned angle = 0; angle != 2 * QUARTER; angle += step) {
      turn by;
      set_turn(&by, angle);
      bits |= butterflies(first++, reach, half, &by, shift);
    }
    const int_fast16_t length = bnm_bit_length((uint32_t)bits);
    shift = length > 13 ? length - 13 : 0;
    exponent += shift;
  }
  split(bins, half, stride, shift);
  return (int16_t)exponent;
}
