/* A convolution with its ShiftNorm. Interface: bnm_fast.h; idea: bnm_signed_digits.h. */
#include "bnm_conv_chain.h"
#include "bnm_signed_digits.h"
#include "bnm_hot.h"

/* All sums of a channel. */
static void convolve(const bnm_conv_norm_layer *layer, struct bnm_weight_row *row, unsigned weights, const struct bnm_channel_outputs *to) {
  for (unsigned i = 0; i < to->outputs; i++) to->sums[i] = 0;
  row->offset = 0;
  row->columns = layer->conv.kernel_width;
  row->rows = layer->conv.kernel_height;
  for (row->done = 0; row->done != weights; row->done += row->count) {
    const unsigned left = weights - row->done;
    row->count = left < BNM_CONV_NORM_WEIGHTS ? left : BNM_CONV_NORM_WEIGHTS;
    int is_more = 1;
    for (unsigned position = 0; is_more != 0; position++) {
      is_more = layer->list(row, position);
      bnm_add_elements(row, to, position);
    }
  }
}

/* 2x2 maxima in place; returns how many. */
static unsigned pool(const bnm_conv2d *conv, int32_t *sums) {
  const unsigned width = conv->out_width;
  const int32_t *row = sums;
  int32_t *to = sums;
  for (unsigned y = 0; y + 1u < conv->out_height; y += 2, row += 2u * width) {
    for (unsigned x = 0; x + 1u < width; x += 2) {
      const int32_t *const window = row + x;
      int32_t maximum = window[0];
      if (window[1] > maximum) maximum = window[1];
      if (window[width] > maximum) maximum = window[width];
      if (window[width + 1u] > maximum) maximum = window[width + 1u];
      *to++ = maximum;
    }
  }
  return (unsigned)(to - sums);
}

/* The planes with zeros around them. */
static void pad(const bnm_conv2d *conv, const int8_t *x, int8_t *y) {
  const unsigned sides = conv->padding_x, above = conv->padding_y * (conv->width + 2u * sides);
  for (unsigned plane = (unsigned)conv->groups * conv->group_inputs; plane != 0; plane--) {
    for (unsigned i = above; i != 0; i--) *y++ = 0;
    for (unsigned row = conv->height; row != 0; row--) {
      for (unsigned i = sides; i != 0; i--) *y++ = 0;
      for (unsigned i = conv->width; i != 0; i--) *y++ = *x++;
      for (unsigned i = sides; i != 0; i--) *y++ = 0;
    }
    for (unsigned i = above; i != 0; i--) *y++ = 0;
  }
}

BNM_COLD void bnm_conv_norm(const bnm_conv_norm_layer *layer, const int8_t *x, void *scratch, int8_t *y) {
  const bnm_conv2d *const conv = &layer->conv;
  const unsigned outputs = (unsigned)conv->out_height * conv->out_width;
  const unsigned channels = (unsigned)conv->groups * conv->group_outputs;
  const unsigned weights = (unsigned)conv->group_inputs * conv->kernel_height * conv->kernel_width;
  const unsigned height = conv->height + 2u * conv->padding_y, width = conv->width + 2u * conv->padding_x;
  struct bnm_weight_row row;
  /* Negative where the outputs of a row step further than the row is wide: the stride then oversteps the end. */
  const int next_row = (int)(conv->stride_y * width) - (int)conv->out_width * conv->stride_x;
  struct bnm_channel_outputs to = {x, outputs, conv->out_width, conv->stride_x, next_row, scratch};
  row.list = (uint16_t *)(void *)(to.sums + outputs);
  row.weights = (int16_t *)(void *)(row.list + (weights < BNM_CONV_NORM_WEIGHTS ? weights : BNM_CONV_NORM_WEIGHTS));
  int8_t *const shifts = (int8_t *)row.weights + layer->weight_bytes;
  row.conv = conv;
  row.plane_width = width;
  row.next_plane = width * (height - conv->kernel_height);
  if (conv->padding_y + conv->padding_x != 0) {
    int8_t *const padded = shifts + channels;
    pad(conv, x, padded);
    to.x = padded;
  }
  const uint8_t *codes = conv->weights;
  unsigned of_group = conv->group_outputs, features = outputs;
  int8_t *kept = y;
  for (unsigned channel = 0; channel < channels; channel++, codes += conv->row_bytes, kept += features) {
    if (of_group == 0) {
      of_group = conv->group_outputs;
      to.x += height * width * conv->group_inputs;
    }
    of_group--;
    row.codes = codes;
    convolve(layer, &row, weights, &to);
    const unsigned output_shift = conv->output_shifts == 0 ? 0 : conv->output_shifts[channel];
    const int32_t bias = conv->bias == 0 ? 0 : conv->bias[channel];
    if (layer->pools != 0) features = pool(conv, to.sums);
    for (unsigned i = 0; i < features; i++) {
      to.sums[i] = bnm_relu_then_shift((int32_t)((uint32_t)to.sums[i] << output_shift) + bias, layer->shift);
    }
    shifts[channel] = bnm_keep_features(to.sums, (uint16_t)features, kept);
  }
  bnm_normalize_features(y, (uint16_t)channels, (uint16_t)features, shifts);
}
