/*
 * BitNetMCU runtime: integer inference of low-bit networks in C99. No heap, no libc, no floating point.
 *
 * Every function here exists in plain portable C; those are the specification, and every faster kernel gives the same bits.
 * Weights are the packed codes of @bitnetmcu/quant: row after row (one row an output), every row starts on a byte, codes
 * follow each other as a little-endian bit stream.
 *
 * "In flash" below means: a table marked BNM_PROGMEM. Only AVR tells such an address from one in RAM.
 * Buffers of int16_t and int32_t need the alignment of their type; int8_t and uint8_t buffers need none.
 * Counts are up to 65 535. Accumulators do not overflow for models that passed the overflow proof of @bitnetmcu/models.
 * Right shifts of negative numbers must be arithmetic (they are in GCC, Clang, IAR and armcc); checked at compile time.
 */
#ifndef BNM_H
#define BNM_H

#include <stdint.h>

#include "bnm_memory.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Fails to compile where right shifts of negative numbers are not arithmetic. */
typedef char bnm_right_shift_is_arithmetic[(-1 >> 1) == -1 ? 1 : -1];

/* ---- Linear layers: acc[o] = sum over i of w[o][i] * x[i] ----------------------------------------------------------
 *
 * x        int8 activations, `inputs` of them
 * inputs   1 … 65 535
 * weights  in flash; `outputs` rows of ceil(ceil(inputs / group) * group bits / 8) bytes; no alignment needed
 * outputs  1 … 65 535
 * acc      `outputs` accumulators; must not overlap x
 *
 * bnm_formats.h declares one for each weight format: bnm_linear_4bitsym and so on.
 */
typedef void bnm_linear_function(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc);

/* For convolutions (below), which read their weights a kernel at a time: expands `count` weights of one row, starting with the row's
 * weight number `first`, to integers. bnm_formats.h declares one for each weight format: bnm_unpack_4bitsym and so on.
 * weights  in flash: the row's first byte
 * w        `count` integers */
typedef void bnm_unpack_function(const uint8_t *weights, uint16_t first, uint16_t count, int16_t *w);

#include "bnm_formats.h"

/* ---- After a linear layer ----------------------------------------------------------------------------------------- */

/* acc[o] = acc[o] * 2^shifts[o]: per-output scaling.
 * shifts  in flash; n values of 0 … 15 */
void bnm_output_shift(int32_t *acc, const uint8_t *shifts, uint16_t n);

/* acc[o] = acc[o] + bias[o].
 * bias    in flash; n values */
void bnm_add_bias(int32_t *acc, const int32_t *bias, uint16_t n);

/* ReLU and normalization to 0 … 127: shift = bit length of (max(acc, 0) >> 7); y = min(127, round(acc / 2^shift)), 0 for acc < 0.
 * acc     n accumulators, n in 1 … 65 535
 * y       n activations; may start where acc starts (in place) */
void bnm_shift_norm_relu(const int32_t *acc, uint16_t n, int8_t *y);

/* ShiftNorm with ReLU of maps that never lie in memory as int32 all at once: every channel is kept in 8 bits by a shift of its own, and
 * all of them are brought to the common one in the end. The result is that of bnm_shift_norm_relu over all channels: a channel keeps one
 * bit more than its own ShiftNorm would, and the common shift is never less than that of a channel, so that what is lost lies below the
 * bit that the rounding looks at: (a + 2^(s-1)) >> s = ((a >> t) + 2^(s-1-t)) >> (s - t) for t < s.
 * acc     n accumulators of a channel, n in 1 … 65 535
 * y       n values of 8 bits without a sign; may start where acc starts (in place)
 * Returns the shift that the ShiftNorm of this channel alone has, 0 … 24. */
int bnm_keep_features(const int32_t *acc, uint16_t n, int8_t *y);

/* y       what bnm_keep_features kept of all channels, n of each; becomes the activations
 * shifts  what it returned, one a channel */
void bnm_normalize_features(int8_t *y, uint16_t channels, uint16_t n, const int8_t *shifts);

/* ReLU and normalization to 0 … 127 by the maximum: y = round(127 * acc / max(acc, 0)), halves up; 0 for acc < 0. From a maximum of
 * 2^23 on, both lose the bits by which it is longer than 23 first.
 * acc     n accumulators, n in 1 … 65 535
 * y       n activations; may start where acc starts (in place) */
void bnm_max_abs_norm_relu(const int32_t *acc, uint16_t n, int8_t *y);

/* y = max(acc, 0) >> shift. No rounding, no clipping.
 * shift   0 … 31
 * y       n values; may be acc (in place) */
void bnm_relu_shift(const int32_t *acc, uint16_t n, uint8_t shift, int32_t *y);

/* y = clip((acc + 2^(shift-1)) >> shift, min, max), without the rounding term for shift 0. min = 0 is a ReLU.
 * shift   0 … 31
 * y       n values; may start where acc starts (in place) */
void bnm_requantize(const int32_t *acc, uint16_t n, uint8_t shift, int8_t min, int8_t max, int8_t *y);

/* bnm_requantize for ranges that do not fit int8. y may be acc (in place). */
void bnm_requantize_i32(const int32_t *acc, uint16_t n, uint8_t shift, int32_t min, int32_t max, int32_t *y);

/* y = table[x + 128]: any function of one number.
 * table   in flash; 256 values, for x = -128 ... 127
 * y       n values; may be x (in place) */
void bnm_lookup(const int8_t *x, uint16_t n, const int8_t *table, int8_t *y);

/* y = x * gain / (root mean square of x), rounded, -127 … 127: R = floor(256 * rms), magnitudes (512 * gain * |x| + R) / (2 * R).
 * gain    1 … 127
 * y       n values; may be x (in place) */
void bnm_rms_norm(const int8_t *x, uint16_t n, uint8_t gain, int8_t *y);

/* y = max(2 * acc - max, 0), max the largest of acc and 0: what lies above half of the maximum.
 * y       n values; may be acc (in place) */
void bnm_top_relu(const int32_t *acc, uint16_t n, int32_t *y);

/* Marks the channels of the groups with the largest scores, of equal ones those of the first.
 * scores  one a group, groups in 1 … 65 535
 * keep    how many groups are marked, 1 … groups
 * size    channels of a group
 * chosen  groups * size marks: 1, or 0 of channels that need not run */
void bnm_choose_groups(const int32_t *scores, uint16_t groups, uint16_t keep, uint16_t size, int8_t *chosen);

/* y = x in the channels that are marked, else 0.
 * bytes   of each channel, whatever the type of its values
 * y       channels * bytes; may be x (in place) */
void bnm_mask_channels(const void *x, uint16_t channels, uint32_t bytes, const int8_t *chosen, void *y);

/* n bytes of 0: what channels that do not run leave. */
void bnm_clear(int8_t *y, uint32_t n);

/* y = a * 2^shift_a + b * 2^shift_b.
 * shift_a, shift_b  0 … 31
 * y       n values; may be a or b (in place) */
void bnm_add(const int32_t *a, const int32_t *b, uint16_t n, uint8_t shift_a, uint8_t shift_b, int32_t *y);

/* y = multiplier * a * 2^shift_a + b * 2^shift_b.
 * multiplier  -127 … 127, the rest as bnm_add */
void bnm_add_scaled(const int32_t *a, const int32_t *b, uint16_t n, int8_t multiplier, uint8_t shift_a, uint8_t shift_b,
                    int32_t *y);

/* y = x as int32.
 * y       n values; may start where x starts (in place) */
void bnm_widen(const int8_t *x, uint16_t n, int32_t *y);

/* Index of the first maximum of n >= 1 values. */
uint16_t bnm_argmax(const int32_t *acc, uint16_t n);

/* ---- Convolutions -------------------------------------------------------------------------------------------------
 *
 * A convolution reads its weights a kernel at a time: its `unpack` expands the kernel's codes to integers in a small
 * buffer `taps` in RAM (kernel_height * kernel_width int16_t), then slides them over one plane.
 */

/* One convolution layer: cross-correlation with zero padding. Depthwise: group_inputs = group_outputs = 1. */
typedef struct bnm_conv2d {
  uint16_t groups;        /* 1 … 65 535 */
  uint16_t group_inputs;  /* input channels of one group */
  uint16_t group_outputs; /* output channels of one group */
  uint16_t height, width; /* of an input plane */
  uint16_t out_height;    /* (height + 2 * padding_y - kernel_height) / stride_y + 1 */
  uint16_t out_width;     /* (width + 2 * padding_x - kernel_width) / stride_x + 1 */
  uint8_t kernel_height, kernel_width;
  uint8_t stride_y, stride_x;   /* 1 … 255 */
  uint8_t padding_y, padding_x; /* zeros above and below, left and right */
  uint16_t row_bytes;                  /* bytes of one output channel's packed weights */
  bnm_unpack_function *unpack;
  const uint8_t *weights;       /* in flash; groups * group_outputs rows: [group_inputs][kernel_height][kernel_width] */
  const uint8_t *output_shifts; /* in flash; one per output channel, 0 … 15; NULL (0): none */
  const int32_t *bias;          /* in flash; one per output channel; NULL (0): none */
} bnm_conv2d;

/* Output channel `channel` of a convolution over int8 planes.
 * x       the group's first input plane, planes follow each other
 * taps    kernel_height * kernel_width int16_t of scratch
 * y       out_height * out_width values; must not overlap x */
void bnm_conv2d_channel_i8(const bnm_conv2d *conv, uint16_t channel, const int8_t *x, int16_t *taps, int32_t *y);

/* The same over int32 planes. y may be x (in place) where group_inputs is 1 and both paddings are 0: the depthwise step of a
 * channel-by-channel pipeline. */
void bnm_conv2d_channel_i32(const bnm_conv2d *conv, uint16_t channel, const int32_t *x, int16_t *taps, int32_t *y);

/* All output channels: y[groups * group_outputs][out_height][out_width]; y must not overlap x. */
void bnm_conv2d_i8(const bnm_conv2d *conv, const int8_t *x, int16_t *taps, int32_t *y);
void bnm_conv2d_i32(const bnm_conv2d *conv, const int32_t *x, int16_t *taps, int32_t *y);

/* ---- Planes -------------------------------------------------------------------------------------------------------
 *
 * Each works on one plane.
 */

/* One pooling layer. */
typedef struct bnm_pool2d {
  uint16_t height, width; /* of the input plane */
  uint16_t out_height;    /* (height + 2 * padding_y - window_height) / stride_y + 1 */
  uint16_t out_width;     /* (width + 2 * padding_x - window_width) / stride_x + 1 */
  uint8_t window_height, window_width; /* 1 … 255; of a mean at most 1024 elements */
  uint8_t stride_y, stride_x;          /* 1 … 255 */
  uint8_t padding_y, padding_x;        /* above and below, left and right; less than the window */
  uint8_t count_padding;               /* of a mean: 1 where it is over the whole window, padding included */
} bnm_pool2d;

/* The maximum of what each window has of the plane. y may be x (in place) where both paddings are 0. */
void bnm_max_pool2d_i8(const bnm_pool2d *pool, const int8_t *x, int8_t *y);
void bnm_max_pool2d_i32(const bnm_pool2d *pool, const int32_t *x, int32_t *y);

/* The mean over n elements: the window's sum >> log2(n) where n is a power of two, else (sum * round(2^16 / n) + 2^15) >> 16.
 * y may be x (in place) where both paddings are 0. */
void bnm_avg_pool2d_i8(const bnm_pool2d *pool, const int8_t *x, int8_t *y);
void bnm_avg_pool2d_i32(const bnm_pool2d *pool, const int32_t *x, int32_t *y);

/* Rows top … top + out_height - 1 and columns left … left + out_width - 1 of a plane. y may be x (in place).
 * width                  of the input plane
 * out_height, out_width  of the output plane */
void bnm_crop_i8(const int8_t *x, uint16_t width, uint16_t top, uint16_t left, uint16_t out_height, uint16_t out_width,
                 int8_t *y);
void bnm_crop_i32(const int32_t *x, uint16_t width, uint16_t top, uint16_t left, uint16_t out_height,
                  uint16_t out_width, int32_t *y);

/* ---- Prebuilt images ---------------------------------------------------------------------------------------------- */

/* What came of running an image. After anything but BNM_OK the logits mean nothing. */
typedef enum bnm_status {
  BNM_OK = 0,
  BNM_UNKNOWN_OP = 1,     /* a record of an operation that this version does not know, or not in that place */
  BNM_UNKNOWN_KERNEL = 2, /* a layer whose weights no kernel of this version reads */
  BNM_NOT_BUILT_IN = 3    /* an operation or a kernel that this build was compiled without: see BNM_FAST_KERNELS, BNM_HOST_KERNELS */
} bnm_status;

/* Runs a model laid out by layoutModel() of @bitnetmcu/mcu-runtime.
 * image   in flash, 4-byte aligned; its offsets and sizes are trusted, which operations and kernels it names is checked
 * input   the int8 sample; never written
 * ram     the layout's ramBytes bytes, 4-byte aligned
 * logits  the layout's outputs int32_t
 * Returns at the first record that it cannot run. */
bnm_status bnm_run(const uint8_t *image, const int8_t *input, uint8_t *ram, int32_t *logits);

#ifdef __cplusplus
}
#endif

#endif
