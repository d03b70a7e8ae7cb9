/* A convolution by linear kernels with its ShiftNorm. Interface: bnm_fast.h; idea: bnm_conv_patches.h, bnm_keep_features of bnm.h. */
#include "bnm_conv_chain.h"
#include "bnm_conv_patches.h"
#include "bnm_hot.h"

/*
 * As bnm_keep_features, of all channels at one position: after ReLU and shift, `step` bytes apart. Returns the shift that was made;
 * *common becomes that of the ShiftNorm, where it is less.
 */
static int8_t keep(const int32_t *acc, unsigned n, unsigned relu_shift, unsigned step, int8_t *y, int *common) {
  const int32_t *const end = acc + n;
  uint32_t bits = 0;
  for (const int32_t *a = acc; a != end; a++) {
    if (*a > 0) bits |= (uint32_t)*a;
  }
  int shift = 0;
  bits >>= relu_shift;
  for (bits >>= 7; bits != 0; bits >>= 1) shift++;
  if (shift > *common) *common = shift;
  if (shift != 0) shift--;
  relu_shift += (unsigned)shift;
  for (; acc != end; acc++, y += step) *y = (int8_t)(uint8_t)bnm_relu_then_shift(*acc, relu_shift);
  return (int8_t)shift;
}

BNM_WARM(bnm_patches_norm)
void bnm_patches_norm(const bnm_patch_layer *layer, const int8_t *x, void *scratch, int8_t *y) {
  const struct bnm_patches patches = bnm_begin_patches(layer, x, scratch);
  const unsigned channels = layer->conv.group_outputs, positions = layer->rows * layer->columns;
  unsigned position = 0;
  int common = 0;
  for (unsigned row = 0; row < layer->rows; row++) {
    for (unsigned column = 0; column < layer->columns; column++, position++) {
      bnm_convolve_patch(&patches, row, column);
      patches.shifts[position] = keep(patches.maxima, channels, layer->shift, positions, y + position, &common);
    }
  }
  /* As bnm_normalize_features. */
  for (unsigned channel = 0; channel < channels; channel++) {
    for (const int8_t *shift = patches.shifts; shift != patches.shifts + positions; shift++, y++) {
      const int32_t scaled = ((2 * (int32_t)(uint8_t)*y >> (common - *shift)) + 1) >> 1;
      *y = (int8_t)(scaled < 127 ? scaled : 127);
    }
  }
}
