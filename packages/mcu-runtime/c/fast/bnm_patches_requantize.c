/* A convolution by linear kernels, requantized. Interface: bnm_fast.h; idea: bnm_conv_patches.h. */
#include "bnm_conv_patches.h"
#include "bnm_hot.h"
#include "bnm_rounding_shift.h"

BNM_WARM(bnm_patches_requantize)
void bnm_patches_requantize(const bnm_patch_layer *layer, const int8_t *x, void *scratch, int8_t *y) {
  const struct bnm_patches patches = bnm_begin_patches(layer, x, scratch);
  const unsigned positions = layer->rows * layer->columns;
  const int32_t *const end = patches.maxima + layer->conv.group_outputs;
  const int32_t min = layer->min, max = layer->max;
  for (unsigned row = 0; row < layer->rows; row++) {
    for (unsigned column = 0; column < layer->columns; column++, y++) {
      bnm_convolve_patch(&patches, row, column);
      int8_t *to = y;
      for (const int32_t *sum = patches.maxima; sum != end; sum++, to += positions) {
        const int32_t scaled = bnm_rounding_shift(*sum, layer->shift);
        *to = (int8_t)(scaled < min ? min : scaled > max ? max : scaled);
      }
    }
  }
}
