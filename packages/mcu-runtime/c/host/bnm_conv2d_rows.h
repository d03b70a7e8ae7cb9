/*
 * Convolution with four neighbouring outputs at once, for stride 1 without padding; included by bnm_conv2d_channel_i8.c and
 * _i32.c of this folder, which define BNM_ELEMENT (int8_t or int32_t) and BNM_LOAD.
 */
#include "bnm_wide.h"

/* Longest row of outputs that is worth a buffer on the stack. */
enum { BNM_MAX_ROW = 512 };

static int rows_apply(const bnm_conv2d *conv) {
  return conv->stride_y == 1 && conv->stride_x == 1 && conv->padding == 0 && conv->out_width >= BNM_WIDE_LANES &&
         conv->out_width <= BNM_MAX_ROW;
}

/* One input plane; adds to y where `adds`. Inlined for each kernel size that is worth its own code. */
__attribute__((always_inline)) static inline void rows_of_kernel(const bnm_conv2d *conv, unsigned kernel_height,
                                                                 unsigned kernel_width, const BNM_ELEMENT *x,
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
          sum += (int32_t)taps[i * kernel_width + j] * BNM_LOAD(&x[i * conv->width + at + j]);
        }
      }
      bnm_wide_store(&row[at], sum);
    }
    for (unsigned c = 0; c < out_width; c++) y[c] = adds ? y[c] + row[c] : row[c];
    y += out_width;
    x += conv->width;
  }
}

static void rows(const bnm_conv2d *conv, const BNM_ELEMENT *x, const int16_t *taps, int adds, int32_t *y) {
  if (conv->kernel_height == 3 && conv->kernel_width == 3) {
    rows_of_kernel(conv, 3, 3, x, taps, adds, y);
  } else {
    rows_of_kernel(conv, conv->kernel_height, conv->kernel_width, x, taps, adds, y);
  }
}
