/* What the channels of a convolution share. Interface: bnm_conv_channel.h. */
#include "bnm_conv_channel.h"
#include "bnm_hot.h"

/* The planes with zeros around them. */
static void pad(const bnm_conv2d *conv, const int8_t *x, unsigned planes, int8_t *y) {
  const unsigned sides = conv->padding_x, above = conv->padding_y * (conv->width + 2u * sides);
  for (; planes != 0; planes--) {
    for (unsigned i = above; i != 0; i--) *y++ = 0;
    for (unsigned row = conv->height; row != 0; row--) {
      for (unsigned i = sides; i != 0; i--) *y++ = 0;
      for (unsigned i = conv->width; i != 0; i--) *y++ = *x++;
      for (unsigned i = sides; i != 0; i--) *y++ = 0;
    }
    for (unsigned i = above; i != 0; i--) *y++ = 0;
  }
}

BNM_COLD void bnm_begin_conv(const bnm_conv_layer *layer, const int8_t *x, unsigned planes, unsigned shifts, void *scratch,
                             struct bnm_conv_run *run) {
  const bnm_conv2d *const conv = &layer->conv;
  struct bnm_weight_row *const row = &run->row;
  struct bnm_channel_outputs *const to = &run->to;
  const unsigned height = conv->height + 2u * conv->padding_y, width = conv->width + 2u * conv->padding_x;
  const unsigned outputs = (unsigned)conv->out_height * conv->out_width;
  to->x = x;
  to->outputs = outputs;
  to->width = conv->out_width;
  to->step = conv->stride_x;
  /* Negative where the outputs of a row step further than the row is wide: the stride then oversteps the end. */
  to->next_row = (int)(conv->stride_y * width) - (int)conv->out_width * conv->stride_x;
  to->sums = scratch;
  row->conv = conv;
  row->codes = conv->weights;
  row->plane_width = width;
  row->next_plane = width * (height - conv->kernel_height);
  row->list = (uint16_t *)(void *)(to->sums + outputs);
  row->weights = (int16_t *)(void *)row->list;
  if (layer->list != 0) {
    const unsigned weights = (unsigned)conv->group_inputs * conv->kernel_height * conv->kernel_width;
    row->weights += weights < BNM_CONV_WEIGHTS ? weights : BNM_CONV_WEIGHTS;
  }
  run->shifts = (int8_t *)row->weights + layer->weight_bytes;
  run->group_bytes = height * width * conv->group_inputs;
  if (conv->padding_y + conv->padding_x == 0) return;
  int8_t *const padded = run->shifts + shifts;
  pad(conv, x, planes, padded);
  to->x = padded;
}
