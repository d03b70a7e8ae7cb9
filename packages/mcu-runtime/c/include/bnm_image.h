/*
 * The image that bnm_run() walks: a header, a table of node records, then weights, output shifts and biases.
 * Little-endian; every offset is in bytes from the image's start (tables) or the start of ram (buffers), so an image runs
 * wherever it lies. src/lowering/image.ts of @bitnetmcu/mcu-runtime writes it; operations and fields are in bnm_records.h.
 */
#ifndef BNM_IMAGE_H
#define BNM_IMAGE_H

#include "bnm_records.h"

#define BNM_IMAGE_MAGIC 0x314D4E42u

/* Buffer offsets that mean the two buffers of the caller instead of ram. */
#define BNM_BUFFER_INPUT 0xFFFFFFFFu
#define BNM_BUFFER_LOGITS 0xFFFFFFFEu
/* Where a record may have a buffer and has none. */
#define BNM_BUFFER_NONE 0xFFFFFFFDu

/* Which kernel runs a chain of convolutions. */
enum bnm_chain_kernel { BNM_CHAIN_NOMUL = 0, BNM_CHAIN_MUL = 1, BNM_CHAIN_AVR = 2 };

/* How a convolution layer makes its sums: the technique of its record. */
enum bnm_convolve_technique {
  BNM_CONVOLVE_DIGITS = 0,
  BNM_CONVOLVE_PRODUCTS = 1,
  BNM_CONVOLVE_WINDOWS = 2,
  BNM_CONVOLVE_BLOCKS = 3,
  BNM_CONVOLVE_CODE = 4,
  BNM_CONVOLVE_TRITS = 5
};

/* Numbers of kernels: bnm_kernels.h. */

#endif
