/*
 * The image that bnm_run() walks: a header, a table of node records, then weights, output shifts and biases.
 * Little-endian; every offset is in bytes from the image's start (tables) or the start of ram (buffers), so an image runs
 * wherever it lies. src/layout/image.ts of @bitnetmcu/mcu-runtime writes it.
 *
 * header   0 u32 magic "BNM1"   4 u16 records   6 u16 outputs   8 u32 bytes of ram   12 u32 inputs
 * record   0 u8 op   1 u8 length in 4-byte words   2 u16 n   4 u32 x   8 u32 y   then what the op needs (below)
 */
#ifndef BNM_IMAGE_H
#define BNM_IMAGE_H

#define BNM_IMAGE_MAGIC 0x314D4E42u
#define BNM_IMAGE_HEADER_BYTES 16u

/* Buffer offsets that mean the two buffers of the caller instead of ram. */
#define BNM_BUFFER_INPUT 0xFFFFFFFFu
#define BNM_BUFFER_LOGITS 0xFFFFFFFEu

enum bnm_op {
  /* The next `steps` records once for each of n channels. Channel c adds c * x to the first one's x and c * y to the last
   * one's y: 12 u16 steps. */
  BNM_OP_CHANNELS = 0,
  /* n outputs: 12 u16 inputs   14 u8 kernel   16 u32 weights   20 u32 output shifts or 0   24 u32 bias or 0 */
  BNM_OP_LINEAR = 1,
  /* All channels, or inside BNM_OP_CHANNELS the current one:
   * 12 u16 groups, group inputs, group outputs, height, width, out height, out width (24)
   * 26 u8 kernel height, kernel width, stride y, stride x, padding y, padding x (31)   32 u16 row bytes   34 u8 kernel
   * 36 u32 taps (in ram)   40 u32 weights   44 u32 output shifts or 0   48 u32 bias or 0 */
  BNM_OP_CONV2D_I8 = 2,
  BNM_OP_CONV2D_I32 = 3,
  /* n elements */
  BNM_OP_SHIFT_NORM_RELU = 4,
  BNM_OP_WIDEN = 5,
  /* n elements: 12 u8 shift */
  BNM_OP_RELU_SHIFT = 6,
  /* n elements: 12 u8 shift   16 i32 min   20 i32 max */
  BNM_OP_REQUANTIZE = 7,
  BNM_OP_REQUANTIZE_I32 = 8,
  /* n elements: 12 u8 shift of x   13 u8 shift of b   16 u32 b */
  BNM_OP_ADD = 9,
  /* One plane: 12 u16 height, width, out height, out width
   * 20 u8 window height, window width, stride y, stride x, padding y, padding x, count padding (26) */
  BNM_OP_MAX_POOL2D_I8 = 10,
  BNM_OP_MAX_POOL2D_I32 = 11,
  BNM_OP_AVG_POOL2D_I8 = 12,
  BNM_OP_AVG_POOL2D_I32 = 13,
  /* One plane: 12 u16 width, out height, out width, top, left */
  BNM_OP_CROP_I8 = 14,
  BNM_OP_CROP_I32 = 15,
  /* n elements */
  BNM_OP_MAX_ABS_NORM_RELU = 16,
  /* n channels, only where BNM_FAST_KERNELS is defined: 12 u8 shifts (3), kernel (15)   16 u32 scratch (in ram)   20 u32 weights
   * 24 u8 convolutions */
  BNM_OP_CONV_CHAIN = 17,
  /* Only where BNM_FAST_KERNELS is defined: as BNM_OP_CONV2D_I8, with scratch in place of taps, then 52 u8 shift, pools (53)
   * 54 u16 bytes of taps */
  BNM_OP_CONV_NORM = 18,
  /* Inside BNM_OP_CHANNELS, n elements of the current channel: 12 u32 shifts (in ram), one a channel */
  BNM_OP_KEEP_FEATURES = 19,
  /* n elements a channel, x is y: 12 u32 shifts (in ram)   16 u16 channels */
  BNM_OP_NORMALIZE_FEATURES = 20,
  /* n elements: 12 u32 table */
  BNM_OP_LOOKUP = 21
};

/* Which kernel runs a chain of convolutions. */
enum bnm_chain_kernel { BNM_CHAIN_NOMUL = 0, BNM_CHAIN_MUL = 1 };

/* Numbers of kernels: bnm_kernels.h. */

#endif
