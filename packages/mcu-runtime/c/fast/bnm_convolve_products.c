/*
 * The sums of a channel by multiplication, four outputs of a row at once: three weights side by side need six elements for twelve products.
 * Interface: bnm_fast.h.
 */
#include "bnm_signed_digits.h"
#include "bnm_hot.h"

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
