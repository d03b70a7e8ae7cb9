/*
 * A channel of a convolution over int8 planes, as the kernels of whole layers have it (bnm_fast.h): all of its sums, then maxima of
 * windows. How the sums are made is the layer's `convolve`.
 */
#ifndef BNM_CONV_CHANNEL_H
#define BNM_CONV_CHANNEL_H

#include "bnm_signed_digits.h"

/* What all channels share. */
struct bnm_conv_run {
  struct bnm_weight_row row; /* `codes` are those of the channel to come */
  struct bnm_channel_outputs to;
  int8_t *shifts;            /* scratch behind that of the weights */
  unsigned group_bytes;      /* of the planes of a group, with their padding */
};

/*
 * planes  how many of x there are: with padding they are copied
 * shifts  bytes of run->shifts
 */
void bnm_begin_conv(const bnm_conv_layer *layer, const int8_t *x, unsigned planes, unsigned shifts, void *scratch, struct bnm_conv_run *run);

/* The sums of the next channel in run->to.sums, before output shift and bias; returns how many the maxima leave. */
unsigned bnm_convolve_channel(const bnm_conv_layer *layer, struct bnm_conv_run *run);

#endif
