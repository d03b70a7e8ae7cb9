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
#define gather bnm_gather_patch

#else

BNM_HOT(bnm_gather_patch)
static void gather(const bnm_conv2d *conv, const int8_t *corner, int8_t *patch) {
  const unsigned width = conv->width, kernel_width = conv->kernel_width, kernel_height = conv->kernel_height;
  const unsigned next_row = width - kernel_width, next_plane = width * (conv->height - kernel_height);
  for (unsigned planes = conv->group_inputs; planes != 0; planes--, corner += next_plane) {
    for (unsigned rows = kernel_height; rows != 0; rows--, corner += next_row) {
      unsigned left = kernel_width;
#if !defined(__OPTIMIZE_SIZE__)
      for (; left >= 3u; left -= 3u, corner += 3, patch += 3) {
        patch[0] = corner[0];
        patch[1] = corner[1];
        patch[2] = corner[2];
      }
#endif
      for (; left != 0; left--) *patch++ = *corner++;
    }
  }
}

#endif

/* The same of a window that may reach into the padding; (top, left) is its corner. */
BNM_COLD static void gather_padded(const bnm_conv2d *conv, const int8_t *plane, int top, int left, int8_t *patch) {
  const int width = conv->width, height = conv->height;
  for (unsigned planes = conv->group_inputs; planes != 0; planes--, plane += height * width) {
    for (int row = top; row != top + conv->kernel_height; row++) {
      for (int column = left; column != left + conv->kernel_width; column++) {
        *patch++ = row >= 0 && row < height && column >= 0 && column < width ? plane[row * width + column] : 0;
      }
    }
  }
}

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
      if ((conv->padding_y | conv->padding_x) == 0) gather(conv, patches->x + top * conv->width + left, patches->patch);
      else gather_padded(conv, patches->x, top, left, patches->patch);
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
