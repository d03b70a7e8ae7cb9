/* The sums of a channel and their maxima. Interface: bnm_conv_channel.h. */
#include "bnm_conv_channel.h"
#include "bnm_hot.h"

/* Maxima of windows side by side, in place; returns how many. */
static unsigned pool(const bnm_conv_layer *layer, int32_t *sums) {
  const unsigned width = layer->conv.out_width, window_height = layer->pool_height, window_width = layer->pool_width;
  const int32_t *first = sums;
  int32_t *to = sums;
  for (unsigned bottom = window_height; bottom <= layer->conv.out_height; bottom += window_height) {
    const int32_t *window = first;
    for (unsigned right = window_width; right <= width; right += window_width, window += window_width) {
      const int32_t *row = window;
      int32_t maximum = *row;
      for (unsigned rows = window_height; rows != 0; rows--, row += width) {
        const int32_t *const end = row + window_width;
        for (const int32_t *at = row; at != end; at++) {
          if (*at > maximum) maximum = *at;
        }
      }
      *to++ = maximum;
    }
    for (unsigned rows = window_height; rows != 0; rows--) first += width;
  }
  return (unsigned)(to - sums);
}

BNM_WARM(bnm_convolve_channel)
unsigned bnm_convolve_channel(const bnm_conv_layer *layer, struct bnm_conv_run *run) {
  layer->convolve(layer, &run->row, &run->to);
  run->row.codes += layer->conv.row_bytes;
  return (layer->pool_height | layer->pool_width) == 1u ? run->to.outputs : pool(layer, run->to.sums);
}
