/*
 * A channel of a convolution with its maxima. The scratch has
 *   int32 sums of one channel; where it is pooled, of as many rows as a window has, and the maxima behind them
 *   int16 weights of one kernel
 *   int8  shifts of all channels, of bnm_conv_norm
 */
#ifndef BNM_CONV_LAYER_AVR_H
#define BNM_CONV_LAYER_AVR_H

#include "bnm_planes_avr.h"

/* Where a channel's values are, how many, and what lies behind them. */
struct bnm_channel_values {
  int32_t *values;
  uint16_t count;
  int16_t *taps;
};

/* The same for all channels of a layer; then one of them with its maxima, output shift and bias. x: the group's first plane. */
void bnm_begin_channel(const bnm_conv_layer *layer, void *scratch, struct bnm_channel_values *channel);
void bnm_convolve_channel_avr(const bnm_conv_layer *layer, uint16_t channel, const int8_t *x, void *scratch,
                              const struct bnm_channel_values *to);

#endif
