/* All channels of a convolution at one position. Interface: bnm_conv_patches.h. */
#include "bnm_assert_layout.h"
#include "bnm_conv_patches.h"
#include "bnm_hot.h"

struct bnm_patches bnm_begin_patches(const bnm_patch_layer *layer, const int8_t *x, void *scratch) {
  struct bnm_patches patches = {layer, x, scratch, scratch, 0, 0};
  const bnm_conv2d *const conv = &layer->conv;
  if ((layer->pool_height | layer->pool_width) != 1u) patches.sums += conv->group_outputs;
  patches.patch = (int8_t *)(patches.sums + conv->group_outputs);
  patches.shifts = patches.patch + (unsigned)conv->group_inputs * conv->kernel_height * conv->kernel_width;
  return patches;
}

#if defined(BNM_THUMB)
BNM_ASSERT_OFFSET(group_inputs, bnm_conv2d, group_inputs, BNM_CONV2D_GROUP_INPUTS);
BNM_ASSERT_OFFSET(height, bnm_conv2d, height, BNM_CONV2D_HEIGHT);
BNM_ASSERT_OFFSET(width, bnm_conv2d, width, BNM_CONV2D_WIDTH);
BNM_ASSERT_OFFSET(kernel_height, bnm_conv2d, kernel_height, BNM_CONV2D_KERNEL_HEIGHT);
BNM_ASSERT_OFFSET(kernel_width, bnm_conv2d, kernel_width, BNM_CONV2D_KERNEL_WIDTH);
#endif

BNM_WARM(bnm_convolve_patch)
void bnm_convolve_patch(const struct bnm_patches *patches, unsigned row, unsigned column) {
  const bnm_patch_layer *const layer = patches->layer;
  const bnm_conv2d *const conv = &layer->conv;
  const uint16_t weights = (uint16_t)(patches->shifts - patches->patch), channels = conv->group_outputs;
  int32_t *const maxima = patches->maxima, *const sums = patches->sums;
  int top = (int)(row * layer->pool_height * conv->stride_y) - conv->padding_y;
  int32_t *to = maxima;
  for (unsigned rows = layer->pool_height; rows != 0; rows--, top += conv->stride_y) {
    int left = (int)(column * layer->pool_width * conv->stride_x) - conv->padding_x;
    for (unsigned columns = layer->pool_width; columns != 0; columns--, left += conv->stride_x) {
      layer->gather(conv, patches->x, top, left, patches->patch);
      layer->linear(patches->patch, weights, conv->weights, channels, to);
      /* Of the first window these are the maxima. */
      for (unsigned k = to == maxima ? channels : 0; k < channels; k++) {
        if (sums[k] > maxima[k]) maxima[k] = sums[k];
      }
      to = sums;
    }
  }
  if (conv->output_shifts != 0) bnm_output_shift(maxima, conv->output_shifts, channels);
  if (conv->bias != 0) bnm_add_bias(maxima, conv->bias, channels);
}
