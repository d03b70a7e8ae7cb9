/*
 * Fast linear layers for 32-bit parts with and without a multiplier. Same results as the plain kernels of bnm.h, to the bit;
 * the weights are laid out differently, by src/layout/fast.ts of @bitnetmcu/mcu-runtime. README.md has all formats and techniques.
 *
 * Every kernel skips inputs that are zero, or, in a layer with row sums, equal to the mode value: the value that the first
 * and the last input share. acc[o] = mode * (sum of row o) + sum over the other inputs of w[o][i] * (x[i] - mode).
 *
 * Layout, 4-byte aligned, little-endian:
 *   u32 header     1: row sums follow, 0: none
 *   i16 sums       one for each output, rounded up to an even number of them
 *   u32 words      for each part of a code, for each block of outputs, for each input: the block's codes, first output lowest
 * or u8 rows     for each input the codes of all outputs, in whole bytes, for `subsets` in whole half-words
 * A block has 8, 16 or 32 outputs, with parts of 4, 2 or 1 bit; with parts of 3 bits it has 8, and of four whole blocks the last one
 * has no words, but what the other three leave free (bnm_three_bits.h). The last block ends with the last output, so that some outputs
 * may be in it and in the one before: there its codes are 0. With fewer outputs than a block has the others' codes are 0.
 *
 * Stack: that of a whole model on a part is what `bitnetmcu sim` measures.
 */
#ifndef BNM_FAST_H
#define BNM_FAST_H

#include <stdint.h>

#include "bnm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As in bnm.h: x, inputs (here 1 ... 16 383), weights in the layout above, outputs, acc. */
typedef void bnm_fast_linear(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc);

/*
 * The techniques:
 *   rows      row by row
 *   subsets   by sums of subsets of four activations
 *   trits     without a multiplier by sums of three activations, else from a list of them
 *   nibbles   by the nibbles of the activations
 *   bits      by the bits of the activations
 *   lookup    by a table of products for each input
 *   products  two in each multiplication
 */
#include "bnm_fast_formats.h"

/*
 * A chain of convolutions, channel by channel, with the ShiftNorm behind it: over a sample of 16x16 int8
 *   3x3 convolution to `channels` maps, ReLU and shift, 3x3 depthwise, ReLU and shift, 2x2 max pooling,
 *   3x3 depthwise, ReLU and shift, 2x2 max pooling, ShiftNorm and ReLU over the 2x2 features of all channels;
 * or up to the first pooling only, with the ShiftNorm over the 6x6 features of all channels;
 * or only the first convolution with 2x2 max pooling behind it, with the ShiftNorm over the 7x7 features of all channels;
 * strides 1, no padding, no biases. A chain needs int16 for its first maps only: `conv1 >> shifts[0]` below 2^15 for every input.
 */
/* Of a chain of one convolution: the 7x7 maxima of its map, whose elements are `step` apart. pooled may be where the map is. */
typedef void bnm_chain_pool(const int16_t *map, unsigned step, int32_t *pooled);
bnm_chain_pool bnm_pool_map;

typedef struct bnm_conv_chain {
  /* In flash, for each channel 28 (or 19, or 10) bytes: 9 int8 of each convolution, then the number of the channel. Channels may stand in any
   * order; neighbours (first and second, third and fourth, ...) with a small sum of absolute first weights run fastest. */
  const uint8_t *weights;
  uint16_t channels;  /* 1 ... 256 */
  uint8_t shifts[3];  /* 0 ... 15 the first, 0 ... 31 the others */
  uint8_t convolutions; /* 3, or 2 or 1 up to the first pooling */
  bnm_chain_pool *pool_map; /* bnm_pool_map where there is one convolution, else NULL (0) */
} bnm_conv_chain;

/*
 * x        16x16, row by row; any values, but those equal to the first one (the mode value) cost least
 * scratch  4-byte aligned; as many bytes as below, and one for each channel
 * y        4 * channels activations, or 36 * channels, or 49 * channels
 */
typedef void bnm_fast_conv_chain(const bnm_conv_chain *chain, const int8_t *x, void *scratch, int8_t *y);

/* The same of chosen channels, with more code.
 * chosen   a mark for each channel, of bnm_choose_groups: the activations of a channel without one are 0, and it costs next to nothing */
typedef void bnm_fast_chosen_conv_chain(const bnm_conv_chain *chain, const int8_t *x, const int8_t *chosen, void *scratch, int8_t *y);

/* With a multiplier, two channels at once where their sums fit 16 bits. */
bnm_fast_conv_chain bnm_conv_chain_mul;
bnm_fast_chosen_conv_chain bnm_chosen_conv_chain_mul;
#define BNM_CONV_CHAIN_MUL_SCRATCH 784u

/* Without a multiplier, by the digits of the weights. More than one convolution takes BNM_CONV_CHAIN_NOMUL_WINDOWS besides. On RV32E the scratch holds
 * code, which is run there: behind the bytes of the channels, from a multiple of 4 of them on, as many more bytes as bnm_conv_chain_nomul.h counts. */
bnm_fast_conv_chain bnm_conv_chain_nomul;
bnm_fast_chosen_conv_chain bnm_chosen_conv_chain_nomul;
#define BNM_CONV_CHAIN_NOMUL_SCRATCH 492u
#define BNM_CONV_CHAIN_NOMUL_WINDOWS 72u

/* For AVR parts with a multiplier, in c/avr. */
bnm_fast_conv_chain bnm_conv_chain_avr;
bnm_fast_chosen_conv_chain bnm_chosen_conv_chain_avr;
#define BNM_CONV_CHAIN_AVR_SCRATCH 676u

/* From packed weights to the elements that they add: see bnm_signed_digits.h. Returns nonzero while there are more digits. */
struct bnm_weight_row;
typedef int bnm_list_weights(struct bnm_weight_row *row, unsigned position);
bnm_list_weights bnm_list_ternary; /* Ternary */
bnm_list_weights bnm_list_digits;  /* any format, by bnm_conv2d.unpack */

/* All sums of a channel. */
struct bnm_conv_layer;
struct bnm_channel_outputs;
typedef void bnm_convolve(const struct bnm_conv_layer *layer, struct bnm_weight_row *row, const struct bnm_channel_outputs *to);
bnm_convolve bnm_convolve_digits;   /* by additions of listed elements */
bnm_convolve bnm_convolve_trits;    /* of Ternary weights, without scratch; at least 2 outputs in a row and stride_x 1 */
bnm_convolve bnm_convolve_code;     /* by code for the weights, which on RV32E is written into the scratch and run there; else as digits */
bnm_convolve bnm_convolve_products; /* with a multiplier; at least 4 outputs in a row */
bnm_convolve bnm_convolve_blocks;   /* the same for kernels of 3x3 over one plane with strides of 1; at least 2 rows and 2 columns of outputs */

/* A convolution over int8 planes with any weights, geometry and groups, and what follows it. */
typedef struct bnm_conv_layer {
  bnm_conv2d conv; /* out_height, out_width: of what the windows below cover */
  bnm_convolve *convolve;
  bnm_list_weights *list; /* for bnm_convolve_digits: the one for the weights' format; else NULL (0) */
  uint16_t weight_bytes;  /* scratch for integer weights: 2 a weight of a channel with bnm_convolve_products and bnm_convolve_blocks, of
                             BNM_CONV_WEIGHTS at most with bnm_list_digits; 0 with bnm_list_ternary and with bnm_convolve_trits;
                             BNM_CONVOLVE_CODE_SCRATCH(n) with bnm_convolve_code */
  uint8_t pool_height, pool_width; /* maxima of such windows, side by side; 1 and 1: none */
  uint8_t shift;                   /* 0 ... 31 */
  int8_t min, max;                 /* of bnm_conv_requantize */
} bnm_conv_layer;

/*
 * scratch  4-byte aligned: 4 bytes an output of one channel, for bnm_convolve_digits 2 a weight of one channel (of BNM_CONV_WEIGHTS of them at
 *          most), weight_bytes, and with padding the padded planes that x has
 */

/*
 * Optionally maxima, ReLU and shift, and the ShiftNorm over all channels. No map is held in int32 but one channel's.
 * x        int8 planes
 * scratch  besides the above 1 byte a channel before the padded planes
 * y        activations, channel after channel; must not overlap x
 */
void bnm_conv_norm(const bnm_conv_layer *layer, const int8_t *x, void *scratch, int8_t *y);

/*
 * One channel, optionally with maxima, by bnm_requantize to int8.
 * x        the planes of the channel's group
 * y        the channel's plane; must not overlap x
 */
void bnm_conv_requantize(const bnm_conv_layer *layer, uint16_t channel, const int8_t *x, void *scratch, int8_t *y);

/* For code of that many weights at a time, at least one; more than 13 gain little. */
#define BNM_CONVOLVE_CODE_SCRATCH(WEIGHTS) (90u + 20u * (WEIGHTS))

/* A multiple of 5, so that parts of a row of Ternary codes begin with a byte. */
#define BNM_CONV_WEIGHTS 40u

/* The elements of the window with the corner (top, left), in the order of the weights. */
typedef void bnm_gather(const bnm_conv2d *conv, const int8_t *x, int top, int left, int8_t *patch);
bnm_gather bnm_gather_patch;  /* without padding */
bnm_gather bnm_gather_padded; /* negative corners and elements behind the planes are in the padding */

/*
 * The same for all channels at once, by a kernel of linear layers: a convolution of one group, `weights` in the layout above with the weights of
 * a channel as the inputs of an output, 4-byte aligned.
 */
typedef struct bnm_patch_layer {
  bnm_conv2d conv;        /* without `unpack` and `row_bytes` */
  bnm_fast_linear *linear;
  bnm_gather *gather;
  uint16_t rows, columns; /* of the result, behind the maxima */
  uint8_t pool_height, pool_width, shift;
  int8_t min, max;
} bnm_patch_layer;

/*
 * x        int8 planes
 * scratch  4-byte aligned: 4 bytes a channel, with maxima as many again, 1 a weight of a channel, and of bnm_patches_norm 1 a position
 * y        activations, channel after channel; must not overlap x
 */
void bnm_patches_norm(const bnm_patch_layer *layer, const int8_t *x, void *scratch, int8_t *y);
void bnm_patches_requantize(const bnm_patch_layer *layer, const int8_t *x, void *scratch, int8_t *y);

#ifdef __cplusplus
}
#endif

#endif
