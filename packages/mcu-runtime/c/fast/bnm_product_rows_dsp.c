/*
 * Sums of outputs side by side, for the DSP extension. Interface: bnm_product_rows.h. Up to seven weights of a kernel's row stay in registers
 * while they go over all outputs, four at a time. SXTB16 makes pairs of elements that are two apart, and so pairs of weights are: 0 and 2, and
 * 1 and 3, of four weights; 0 and 2 of three, the middle one alone. No element behind those of the outputs is read.
 */
#include "bnm_dsp.h"
#include "bnm_product_rows.h"

#if defined(BNM_DSP)

struct four_sums {
  int32_t a, b, c, d;
};

/* Four weights, as even and odd, or none; three behind them, as outer and middle (in the upper half), or none; or one. */
struct row_taps {
  uint32_t even, odd, outer, middle;
};

/* Adds the products of four outputs with WEIGHTS weights: 7, 4, 3 or 1. */
static inline __attribute__((always_inline)) struct four_sums add_products(unsigned weights, const int8_t *x, struct row_taps taps,
                                                                           struct four_sums sums) {
  if (weights == 1u) {
    sums.a += x[0] * (int32_t)taps.outer;
    sums.b += x[1] * (int32_t)taps.outer;
    sums.c += x[2] * (int32_t)taps.outer;
    sums.d += x[3] * (int32_t)taps.outer;
    return sums;
  }
  uint32_t word = bnm_load_word(x), later = bnm_load_word(x + 2);
  uint32_t pair0 = bnm_even_bytes(word), pair1 = bnm_odd_bytes(word), pair2 = bnm_even_bytes(later), pair3 = bnm_odd_bytes(later);
  if (weights >= 4u) {
    sums.a = bnm_smlad(pair1, taps.odd, bnm_smlad(pair0, taps.even, sums.a));
    sums.b = bnm_smlad(pair2, taps.odd, bnm_smlad(pair1, taps.even, sums.b));
    sums.c = bnm_smlad(pair3, taps.odd, bnm_smlad(pair2, taps.even, sums.c));
    sums.d = bnm_smlad(pair3, taps.even, sums.d);
    if (weights == 4u) {
      sums.d = bnm_smlad(bnm_odd_bytes(bnm_load_word(x + 3)), taps.odd, sums.d);
      return sums;
    }
    word = bnm_load_word(x + 4);
    pair0 = bnm_even_bytes(word);
    pair1 = bnm_odd_bytes(word);
    sums.d = bnm_smlad(pair0, taps.odd, sums.d);
    later = bnm_load_word(x + 6);
    pair2 = bnm_even_bytes(later);
    pair3 = bnm_odd_bytes(later);
  }
  sums.a = bnm_smlabt(pair1, taps.middle, bnm_smlad(pair0, taps.outer, sums.a));
  sums.b = bnm_smlatt(pair0, taps.middle, bnm_smlad(pair1, taps.outer, sums.b));
  sums.c = bnm_smlabt(pair3, taps.middle, bnm_smlad(pair2, taps.outer, sums.c));
  sums.d = bnm_smlatt(pair2, taps.middle, bnm_smlad(pair3, taps.outer, sums.d));
  return sums;
}

/* Adds WEIGHTS weights to all outputs; x: the element under the first one of the first output. */
static inline __attribute__((always_inline)) void sweep(unsigned weights, const struct bnm_product_rows *rows, const int16_t *tap,
                                                        const int8_t *x) {
  struct row_taps taps = {0, 0, 0, 0};
  if (weights >= 4u) {
    const uint32_t first = bnm_load_word(tap), second = bnm_load_word(tap + 2);
    taps.even = bnm_lower_halves(first, second);
    taps.odd = bnm_upper_halves(first, second);
    tap += 4;
  }
  if (weights == 3u || weights == 7u) {
    taps.middle = bnm_load_word(tap);
    taps.outer = bnm_lower_halves(taps.middle, (uint32_t)tap[2]);
  }
  if (weights == 1u) taps.outer = (uint32_t)(int32_t)*tap;
  int32_t *sums = rows->sums;
  const unsigned width = rows->row_bytes / 4u, rest = width % 4u;
  for (unsigned rows_left = rows->rows; rows_left != 0; rows_left--, x += rows->next_row) {
    for (const int32_t *const end = sums + (width - rest); sums != end; sums += 4, x += 4) {
      const struct four_sums before = {sums[0], sums[1], sums[2], sums[3]}, four = add_products(weights, x, taps, before);
      sums[0] = four.a;
      sums[1] = four.b;
      sums[2] = four.c;
      sums[3] = four.d;
    }
    if (rest == 0) continue;
    /* The last four of the row, of which some are there. */
    const struct four_sums none = {0, 0, 0, 0}, four = add_products(weights, x + rest - 4, taps, none);
    x += rest;
    if (rest == 3u) *sums++ += four.b;
    if (rest >= 2u) *sums++ += four.c;
    *sums++ += four.d;
  }
}

/* Each a function of its own: together they would need more registers. */
#define SWEEP(WEIGHTS)                                                                                                        \
  static __attribute__((noinline)) void sweep_##WEIGHTS(const struct bnm_product_rows *rows, const int16_t *tap, const int8_t *x) { \
    sweep(WEIGHTS, rows, tap, x);                                                                                             \
  }
SWEEP(1)
SWEEP(3)
SWEEP(4)
SWEEP(7)

BNM_HOT(bnm_product_rows)
void bnm_product_rows(const struct bnm_product_rows *rows) {
  const int16_t *tap = rows->taps;
  const int8_t *x = rows->x;
  int32_t *const sums = rows->sums;
  for (unsigned i = rows->rows * rows->row_bytes / 4u; i-- != 0;) sums[i] = 0;
  for (unsigned planes = rows->planes; planes != 0; planes--, x += rows->next_plane) {
    for (unsigned kernel_rows = rows->kernel_rows; kernel_rows != 0; kernel_rows--, x += rows->next_kernel_row) {
      for (unsigned left = rows->kernel_bytes / 2u; left != 0;) {
        unsigned weights = 1;
        if (left >= 7u) {
          weights = 7;
          sweep_7(rows, tap, x);
        } else if (left == 4u || left == 5u) {
          weights = 4;
          sweep_4(rows, tap, x);
        } else if (left >= 3u) {
          weights = 3;
          sweep_3(rows, tap, x);
        } else {
          sweep_1(rows, tap, x);
        }
        left -= weights;
        tap += weights;
        x += weights;
      }
    }
  }
}

#endif
