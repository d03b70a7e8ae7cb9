/*
 * The sums of a channel by multiplication, four outputs of a row at once: three weights side by side need six elements for twelve products.
 * Interface: bnm_fast.h; for RV32E with a multiplier, Armv6-M and the DSP extension: bnm_product_rows.h.
 */
#include "bnm_assert_layout.h"
#include "bnm_product_rows.h"
#include "bnm_signed_digits.h"
#include "bnm_hot.h"
#if defined(BNM_DSP)
#include "bnm_dsp.h"
#endif

#if defined(BNM_PRODUCT_ROWS)

#if !defined(BNM_DSP)
BNM_ASSERT_OFFSET(taps, bnm_product_rows, taps, BNM_ROWS_TAPS);
BNM_ASSERT_OFFSET(x, bnm_product_rows, x, BNM_ROWS_X);
BNM_ASSERT_OFFSET(sums, bnm_product_rows, sums, BNM_ROWS_SUMS);
BNM_ASSERT_OFFSET(row_bytes, bnm_product_rows, row_bytes, BNM_ROWS_ROW_BYTES);
BNM_ASSERT_OFFSET(rows, bnm_product_rows, rows, BNM_ROWS_ROWS);
BNM_ASSERT_OFFSET(next_row, bnm_product_rows, next_row, BNM_ROWS_NEXT_ROW);
BNM_ASSERT_OFFSET(planes, bnm_product_rows, planes, BNM_ROWS_PLANES);
BNM_ASSERT_OFFSET(kernel_rows, bnm_product_rows, kernel_rows, BNM_ROWS_KERNEL_ROWS);
BNM_ASSERT_OFFSET(kernel_bytes, bnm_product_rows, kernel_bytes, BNM_ROWS_KERNEL_BYTES);
BNM_ASSERT_OFFSET(next_kernel_row, bnm_product_rows, next_kernel_row, BNM_ROWS_NEXT_KERNEL_ROW);
BNM_ASSERT_OFFSET(next_plane, bnm_product_rows, next_plane, BNM_ROWS_NEXT_PLANE);
BNM_ASSERT_EQUAL(rows_bytes, sizeof(struct bnm_product_rows), BNM_ROWS_BYTES);
#else

/* Adds the products of a row of the kernel, four at a time by pairs (bnm_product_rows_dsp.c). */
static inline int32_t add_row(int32_t sum, const int16_t *tap, const int16_t *last, const int8_t *x) {
  for (; last - tap >= 4; tap += 4, x += 4) {
    const uint32_t first = bnm_load_word(tap), second = bnm_load_word(tap + 2), word = bnm_load_word(x);
    sum = bnm_smlad(bnm_even_bytes(word), bnm_lower_halves(first, second), sum);
    sum = bnm_smlad(bnm_odd_bytes(word), bnm_upper_halves(first, second), sum);
  }
  while (tap != last) sum += *tap++ * *x++;
  return sum;
}

#endif

/* Output by output, with any step from one to the next. */
BNM_HOT(bnm_strided_products)
static void strided(const struct bnm_product_rows *rows, unsigned width, unsigned step) {
  const int8_t *first = rows->x;
  int32_t *sums = rows->sums;
  for (unsigned left = rows->rows; left != 0; left--, first += rows->next_row) {
    for (const int32_t *const end = sums + width; sums != end; first += step) {
      const int16_t *tap = rows->taps;
      const int8_t *x = first;
      int32_t sum = 0;
      for (unsigned planes = rows->planes; planes != 0; planes--, x += rows->next_plane) {
        for (unsigned kernel_rows = rows->kernel_rows; kernel_rows != 0; kernel_rows--, x += rows->next_kernel_row) {
#if defined(BNM_DSP)
          sum = add_row(sum, tap, tap + rows->kernel_bytes / 2u, x);
          tap += rows->kernel_bytes / 2u;
          x += rows->kernel_bytes / 2u;
#else
          for (const int16_t *const last = tap + rows->kernel_bytes / 2u; tap != last; tap++) sum += *tap * *x++;
#endif
        }
      }
      *sums++ = sum;
    }
  }
}

BNM_COLD void bnm_convolve_products(const bnm_conv_layer *layer, struct bnm_weight_row *row, const struct bnm_channel_outputs *to) {
  const bnm_conv2d *const conv = &layer->conv;
  const unsigned kernel_width = conv->kernel_width;
  conv->unpack(row->codes, 0, (uint16_t)(layer->weight_bytes / 2u), row->weights);
  const struct bnm_product_rows rows = {
      .taps = row->weights,
      .x = to->x,
      .sums = to->sums,
      .row_bytes = 4u * to->width,
      .rows = conv->out_height,
      .next_row = to->next_row,
      .planes = conv->group_inputs,
      .kernel_rows = conv->kernel_height,
      .kernel_bytes = 2u * kernel_width,
      .next_kernel_row = row->plane_width - kernel_width,
      .next_plane = row->next_plane,
  };
  if (to->step == 1u) bnm_product_rows(&rows);
  else strided(&rows, to->width, to->step);
}

#else

/* A kernel over one plane. */
struct kernel {
  const int16_t *taps;
  unsigned width, height;
  unsigned next_row; /* from the element behind one row of the kernel to the first one of the next */
  unsigned step;     /* from one output's element to that of the next */
};

#define ADD(SUM, WEIGHT) SUM += (WEIGHT) * value

/* Adds to four sums. */
BNM_HOT(bnm_add_four_products)
static void add_four(const struct kernel *kernel, const int8_t *x, int32_t *sums) {
  const int16_t *taps = kernel->taps;
  const unsigned step = kernel->step, next_row = kernel->next_row;
  int32_t a = sums[0], b = sums[1], c = sums[2], d = sums[3];
  for (unsigned rows = kernel->height; rows != 0; rows--, x += next_row) {
    unsigned left = kernel->width;
    if (step == 1u) {
      for (; left >= 3u; left -= 3u, taps += 3, x += 3) {
        const int32_t first = taps[0], second = taps[1], third = taps[2];
        int32_t value = x[0];
        ADD(a, first);
        value = x[1];
        ADD(a, second);
        ADD(b, first);
        value = x[2];
        ADD(a, third);
        ADD(b, second);
        ADD(c, first);
        value = x[3];
        ADD(b, third);
        ADD(c, second);
        ADD(d, first);
        value = x[4];
        ADD(c, third);
        ADD(d, second);
        value = x[5];
        ADD(d, third);
      }
    }
    for (; left != 0; left--, x++) {
      const int32_t weight = *taps++;
      const int8_t *at = x;
      int32_t value = *at;
      ADD(a, weight);
      at += step;
      value = *at;
      ADD(b, weight);
      at += step;
      value = *at;
      ADD(c, weight);
      at += step;
      value = *at;
      ADD(d, weight);
    }
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}

/* Adds to one sum. */
BNM_HOT(bnm_add_one_product)
static void add_one(const struct kernel *kernel, const int8_t *x, int32_t *sum) {
  const int16_t *taps = kernel->taps;
  int32_t a = *sum;
  for (unsigned rows = kernel->height; rows != 0; rows--, x += kernel->next_row) {
    for (const int16_t *const end = taps + kernel->width; taps != end; taps++) a += *taps * *x++;
  }
  *sum = a;
}

BNM_WARM(bnm_convolve_products)
void bnm_convolve_products(const bnm_conv_layer *layer, struct bnm_weight_row *row, const struct bnm_channel_outputs *to) {
  const bnm_conv2d *const conv = &layer->conv;
  const struct kernel kernel = {row->weights, conv->kernel_width, conv->kernel_height, row->plane_width - conv->kernel_width, to->step};
  const unsigned taps = (unsigned)conv->kernel_width * conv->kernel_height;
  const int8_t *plane = to->x;
  unsigned done = 0;
  for (unsigned i = 0; i < to->outputs; i++) to->sums[i] = 0;
  for (unsigned planes = conv->group_inputs; planes != 0; planes--) {
    conv->unpack(row->codes, (uint16_t)done, (uint16_t)taps, row->weights);
    done += taps;
    const int8_t *x = plane;
    int32_t *sums = to->sums;
    for (unsigned rows = conv->out_height; rows != 0; rows--, x += to->next_row) {
      unsigned left = to->width;
      for (; left >= 4u; left -= 4u, sums += 4, x += 4u * to->step) add_four(&kernel, x, sums);
      if (left != 0 && to->width >= 4u && conv->group_inputs == 1) {
        /* Of a single plane the last four sums can be made anew. */
        x -= (4u - left) * to->step;
        sums -= 4u - left;
        for (unsigned k = 0; k < 4u - left; k++) sums[k] = 0;
        add_four(&kernel, x, sums);
        x += 4u * to->step;
        sums += 4;
        left = 0;
      }
      for (; left != 0; left--, sums++, x += to->step) add_one(&kernel, x, sums);
    }
    /* Below the last row of the kernel in this plane lies the first one of the next. */
    plane += row->next_plane + row->plane_width * conv->kernel_height;
  }
}

#endif
