/*
 * Convolutions by the fast kernels of linear layers: every window of the input is a sample of its own. That pays where there are many output
 * channels, all of which a kernel computes from one list of the window's elements; those of 0 cost nothing.
 */
#ifndef BNM_CONV_PATCHES_H
#define BNM_CONV_PATCHES_H

/* Offsets for bnm_gather_patch in assembly; checked in bnm_convolve_patch.c. */
#define BNM_CONV2D_GROUP_INPUTS 2
#define BNM_CONV2D_HEIGHT 6
#define BNM_CONV2D_WIDTH 8
#define BNM_CONV2D_KERNEL_HEIGHT 14
#define BNM_CONV2D_KERNEL_WIDTH 15

#ifndef __ASSEMBLER__

#include <stdint.h>

#include "bnm_fast.h"

/* On the way over the positions of the result, row by row. */
struct bnm_patches {
  const bnm_patch_layer *layer;
  const int8_t *x;
  int32_t *maxima; /* one a channel */
  int32_t *sums;   /* of one window; the maxima themselves without pooling */
  int8_t *patch;
  int8_t *shifts;  /* behind the patch */
};

struct bnm_patches bnm_begin_patches(const bnm_patch_layer *layer, const int8_t *x, void *scratch);

/* The maxima of all channels at a position of the result, with output shifts and biases. */
void bnm_convolve_patch(const struct bnm_patches *patches, unsigned row, unsigned column);

#endif

#endif
