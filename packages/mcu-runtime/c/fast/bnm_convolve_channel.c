/* The sums of a channel and their maxima. Interface: bnm_conv_channel.h. */
#include "bnm_assert_layout.h"
#include "bnm_channel_end.h"
#include "bnm_conv_channel.h"
#include "bnm_hot.h"

static int32_t larger(int32_t a, int32_t b) { return a > b ? a : b; }

/* Maxima of 2x2 outputs, as most networks have them, in place; returns the end of them. */
static int32_t *halve(unsigned rows, unsigned width, int32_t *sums) {
  const int32_t *at = sums;
  int32_t *to = sums;
  for (; rows != 0; rows -= 2u, at += width) {
    for (const int32_t *const end = at + width; at != end; at += 2) *to++ = larger(larger(at[0], at[1]), larger(at[width], at[width + 1u]));
  }
  return to;
}

#if defined(BNM_THUMB)

BNM_ASSERT_OFFSET(row_bytes, bnm_windows, row_bytes, BNM_WINDOWS_ROW_BYTES);
BNM_ASSERT_OFFSET(rows, bnm_windows, rows, BNM_WINDOWS_ROWS);
BNM_ASSERT_OFFSET(window_bytes, bnm_windows, window_bytes, BNM_WINDOWS_WINDOW_BYTES);
BNM_ASSERT_OFFSET(window_rows, bnm_windows, window_rows, BNM_WINDOWS_WINDOW_ROWS);

static int32_t *pool(const bnm_conv_layer *layer, int32_t *sums) {
  const struct bnm_windows windows = {4u * layer->conv.out_width, layer->conv.out_height, 4u * layer->pool_width, layer->pool_height};
  return bnm_pool_sums(&windows, sums);
}

#else

/* Maxima of windows side by side, which cover all outputs. */
static int32_t *pool(const bnm_conv_layer *layer, int32_t *sums) {
  const unsigned width = layer->conv.out_width, window_width = layer->pool_width;
  const int32_t *first = sums;
  int32_t *to = sums;
  for (unsigned rows_left = layer->conv.out_height; rows_left != 0; rows_left -= layer->pool_height) {
    const int32_t *last = first;
    for (unsigned left = width; left != 0; left -= window_width, first += window_width) {
      const int32_t *at = first;
      int32_t maximum = *at;
      for (unsigned rows = layer->pool_height; rows != 0; rows--) {
        const int32_t *const end = at + window_width;
        do maximum = larger(maximum, *at++);
        while (at != end);
        last = at;
        at += width - window_width;
      }
      *to++ = maximum;
    }
    first = last;
  }
  return to;
}

#endif

BNM_WARM(bnm_convolve_channel)
unsigned bnm_convolve_channel(const bnm_conv_layer *layer, struct bnm_conv_run *run) {
  int32_t *const sums = run->to.sums;
  layer->convolve(layer, &run->row, &run->to);
  run->row.codes += layer->conv.row_bytes;
  if ((layer->pool_height | layer->pool_width) == 1u) return run->to.outputs;
  if (layer->pool_height == 2u && layer->pool_width == 2u) return (unsigned)(halve(layer->conv.out_height, layer->conv.out_width, sums) - sums);
  return (unsigned)(pool(layer, sums) - sums);
}
