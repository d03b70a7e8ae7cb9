/* Convolution with four neighbouring outputs at once, for stride 1 without padding. */
#ifndef BNM_CONV2D_ROWS_H
#define BNM_CONV2D_ROWS_H

#include "bnm.h"
#include "bnm_wide.h"

/* Longest row of outputs that is worth a buffer on the stack. */
enum { BNM_MAX_ROW = 512 };

static inline int bnm_conv2d_rows_apply(const bnm_conv2d *conv) {
  return conv->stride_y == 1 && conv->stride_x == 1 && conv->padding_y == 0 && conv->padding_x == 0 &&
         conv->out_width >= BNM_WIDE_LANES && conv->out_width <= BNM_MAX_ROW;
}

/* Inlined for each kernel size that is worth its own code. */
__attribute__((always_inline)) static inline void bnm_conv2d_rows_of(const bnm_conv2d *conv, unsigned kernel_height,
                                                                     unsigned kernel_width, const int32_t *x,
                                                                     const int16_t *taps, int adds, int32_t *y) {
  /* A row is kept aside until it is complete: in place, its end needs inputs that its start would overwrite. */
  int32_t row[BNM_MAX_ROW];
  const unsigned out_width = conv->out_width;
  for (unsigned r = 0; r < conv->out_height; r++) {
    for (unsigned c = 0; c < out_width; c += BNM_WIDE_LANES) {
      /* The last four overlap the four before them where the width is no multiple of four. */
      const unsigned at = c + BNM_WIDE_LANES <= out_width ? c : out_width - BNM_WIDE_LANES;
      bnm_wide sum = {0, 0, 0, 0};
      for (unsigned i = 0; i < kernel_height; i++) {
        for (unsigned j = 0; j < kernel_width; j++) {
          sum += (int32_t)taps[i * kernel_width + j] * bnm_wide_load(&x[i * conv->width + at + j]);
        }
      }
      bnm_wide_store(&row[at], sum);
    }
    for (unsigned c = 0; c < out_width; c++) y[c] = adds ? y[c] + row[c] : row[c];
    y += out_width;
    x += conv->width;
  }
}

/* One input plane; adds to y where `adds`. y may be x (in place). */
static inline void bnm_conv2d_rows(const bnm_conv2d *conv, const int32_t *x, const int16_t *taps, int adds, int32_t *y) {
  if (conv->kernel_height == 3 && conv->kernel_width == 3) {
    bnm_conv2d_rows_of(conv, 3, 3, x, taps, adds, y);
  } else {
    bnm_conv2d_rows_of(conv, conv->kernel_height, conv->kernel_width, x, taps, adds, y);
  }
}

#endif
