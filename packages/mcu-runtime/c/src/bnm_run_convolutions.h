/* Records of convolutions: their fields as the kernels want them. Part of bnm_run.c, as bnm_run_records.h. */
#ifndef BNM_RUN_CONVOLUTIONS_H
#define BNM_RUN_CONVOLUTIONS_H

#include "bnm_run_records.h"

#if defined(BNM_FAST_KERNELS)
static bnm_list_weights *list_function(uint8_t kernel) {
#define LISTS(number, name) case BNM_KERNEL_##number: return bnm_list_##name;
  switch (kernel) {
    BNM_FOR_LIST(LISTS)
    default: return bnm_list_digits; /* any weights that unpack_function knows */
  }
#undef LISTS
}
#elif defined(BNM_AVR_KERNELS)
/* Weights are integers there. */
static bnm_list_weights *list_function(uint8_t kernel) { return (void)kernel, (bnm_list_weights *)0; }
#endif

#if defined(BNM_CONV_KERNELS)
static bnm_chain_pool *pool_function(uint8_t convolutions) {
#if defined(BNM_FAST_KERNELS)
  if (convolutions == 1u) return bnm_pool_map;
#endif
  (void)convolutions;
  return 0;
}

static bnm_status conv_chain(const run *r, const uint8_t *record, uint16_t channels, const int8_t *x, int8_t *y) {
  const bnm_conv_chain chain = {table(r, bnm_record_conv_chain_weights(record)),
                                channels,
                                {bnm_record_conv_chain_shift1(record), bnm_record_conv_chain_shift2(record), bnm_record_conv_chain_shift3(record)},
                                bnm_record_conv_chain_convolutions(record),
                                pool_function(bnm_record_conv_chain_convolutions(record))};
  const int8_t *const chosen = buffer(r, bnm_record_conv_chain_chosen(record));
  void *scratch = buffer(r, bnm_record_conv_chain_scratch(record));
  switch (bnm_record_conv_chain_kernel(record)) {
#if defined(BNM_FAST_KERNELS)
    case BNM_CHAIN_NOMUL:
      if (chosen == 0) bnm_conv_chain_nomul(&chain, x, scratch, y);
      else bnm_chosen_conv_chain_nomul(&chain, x, chosen, scratch, y);
      return BNM_OK;
#else
    case BNM_CHAIN_NOMUL: return BNM_NOT_BUILT_IN;
#endif
#if defined(BNM_MULTIPLIER)
    case BNM_CHAIN_MUL:
      if (chosen == 0) bnm_conv_chain_mul(&chain, x, scratch, y);
      else bnm_chosen_conv_chain_mul(&chain, x, chosen, scratch, y);
      return BNM_OK;
#else
    case BNM_CHAIN_MUL: return BNM_NOT_BUILT_IN;
#endif
#if defined(BNM_AVR_KERNELS)
    case BNM_CHAIN_AVR:
      if (chosen == 0) bnm_conv_chain_avr(&chain, x, scratch, y);
      else bnm_chosen_conv_chain_avr(&chain, x, chosen, scratch, y);
      return BNM_OK;
#else
    case BNM_CHAIN_AVR: return BNM_NOT_BUILT_IN;
#endif
    default: return BNM_UNKNOWN_KERNEL;
  }
}
#endif

static bnm_conv2d read_conv2d(const run *r, const uint8_t *record) {
  const bnm_conv2d conv = {
      .groups = bnm_record_conv2d_groups(record),
      .group_inputs = bnm_record_conv2d_group_inputs(record),
      .group_outputs = bnm_record_conv2d_group_outputs(record),
      .height = bnm_record_conv2d_height(record),
      .width = bnm_record_conv2d_width(record),
      .out_height = bnm_record_conv2d_out_height(record),
      .out_width = bnm_record_conv2d_out_width(record),
      .kernel_height = bnm_record_conv2d_kernel_height(record),
      .kernel_width = bnm_record_conv2d_kernel_width(record),
      .stride_y = bnm_record_conv2d_stride_y(record),
      .stride_x = bnm_record_conv2d_stride_x(record),
      .padding_y = bnm_record_conv2d_padding_y(record),
      .padding_x = bnm_record_conv2d_padding_x(record),
      .row_bytes = bnm_record_conv2d_row_bytes(record),
      .unpack = unpack_function(bnm_record_conv2d_kernel(record)),
      .weights = table(r, bnm_record_conv2d_weights(record)),
      .output_shifts = table(r, bnm_record_conv2d_output_shifts(record)),
      .bias = table(r, bnm_record_conv2d_bias(record)),
  };
  return conv;
}

static bnm_status conv2d(const run *r, const uint8_t *record, int is_i32, long channel, const void *x, int32_t *y) {
  const bnm_conv2d conv = read_conv2d(r, record);
  if (conv.unpack == 0) return BNM_UNKNOWN_KERNEL;
  int16_t *taps = buffer(r, bnm_record_conv2d_scratch(record));
  if (channel == NO_CHANNEL) {
    if (is_i32) {
      bnm_conv2d_i32(&conv, x, taps, y);
    } else {
      bnm_conv2d_i8(&conv, x, taps, y);
    }
  } else if (is_i32) {
    bnm_conv2d_channel_i32(&conv, (uint16_t)channel, x, taps, y);
  } else {
    bnm_conv2d_channel_i8(&conv, (uint16_t)channel, x, taps, y);
  }
  return BNM_OK;
}

#if defined(BNM_CONV_KERNELS)
/* Whether this build has a technique. */
static bnm_status has_technique(uint8_t technique) {
  switch (technique) {
#if defined(BNM_FAST_KERNELS)
    case BNM_CONVOLVE_DIGITS:
    case BNM_CONVOLVE_TRITS:
    case BNM_CONVOLVE_CODE: return BNM_OK;
    case BNM_CONVOLVE_WINDOWS: return BNM_NOT_BUILT_IN;
#else
    case BNM_CONVOLVE_DIGITS:
    case BNM_CONVOLVE_TRITS:
    case BNM_CONVOLVE_CODE: return BNM_NOT_BUILT_IN;
    case BNM_CONVOLVE_WINDOWS: return BNM_OK;
#endif
    case BNM_CONVOLVE_PRODUCTS:
#if defined(BNM_MULTIPLIER)
    case BNM_CONVOLVE_BLOCKS: return BNM_OK;
#else
    case BNM_CONVOLVE_BLOCKS: return BNM_NOT_BUILT_IN;
#endif
    default: return BNM_UNKNOWN_KERNEL;
  }
}

/* What adds the products of a channel; 0 where the layer's kernel does it. */
static bnm_convolve *convolve_function(uint8_t technique) {
  (void)technique; /* of AVR */
#if defined(BNM_MULTIPLIER)
  if (technique == BNM_CONVOLVE_PRODUCTS) return bnm_convolve_products;
  if (technique == BNM_CONVOLVE_BLOCKS) return bnm_convolve_blocks;
#endif
#if defined(BNM_FAST_KERNELS)
  if (technique == BNM_CONVOLVE_DIGITS) return bnm_convolve_digits;
  if (technique == BNM_CONVOLVE_TRITS) return bnm_convolve_trits;
  if (technique == BNM_CONVOLVE_CODE) return bnm_convolve_code;
#endif
  return 0;
}

static bnm_status read_conv_layer(const run *r, const uint8_t *record, bnm_conv_layer *layer) {
  const uint8_t technique = bnm_record_conv_layer_technique(record);
  const bnm_conv_layer read = {
      .conv = read_conv2d(r, record),
      .convolve = convolve_function(technique),
      .list = technique != BNM_CONVOLVE_DIGITS ? 0 : list_function(bnm_record_conv_layer_kernel(record)),
      .weight_bytes = bnm_record_conv_layer_weight_bytes(record),
      .pool_height = bnm_record_conv_layer_pool_height(record),
      .pool_width = bnm_record_conv_layer_pool_width(record),
      .shift = bnm_record_conv_layer_shift(record),
      .min = (int8_t)bnm_record_conv_layer_min(record),
      .max = (int8_t)bnm_record_conv_layer_max(record),
  };
  *layer = read;
  return read.conv.unpack == 0 ? BNM_UNKNOWN_KERNEL : has_technique(technique);
}

static bnm_status conv_norm(const run *r, const uint8_t *record, const int8_t *x, int8_t *y) {
  bnm_conv_layer layer;
  const bnm_status status = read_conv_layer(r, record, &layer);
  if (status == BNM_OK) bnm_conv_norm(&layer, x, buffer(r, bnm_record_conv_layer_scratch(record)), y);
  return status;
}

static bnm_status conv_requantize(const run *r, const uint8_t *record, long channel, const int8_t *x, int8_t *y) {
  bnm_conv_layer layer;
  const bnm_status status = read_conv_layer(r, record, &layer);
  const uint16_t of_step = (uint16_t)(channel == NO_CHANNEL ? 0 : channel);
  if (status == BNM_OK) bnm_conv_requantize(&layer, of_step, x, buffer(r, bnm_record_conv_layer_scratch(record)), y);
  return status;
}
#endif

#if defined(BNM_FAST_KERNELS)
/* The kernel of a linear layer in the layouts of bnm_fast.h, or 0. */
static bnm_fast_linear *patch_function(uint8_t kernel) {
#define RUNS(number, name) case BNM_KERNEL_##number: return bnm_linear_##name;
  switch (kernel) {
    BNM_FOR_NOMUL(RUNS)
#if defined(BNM_MULTIPLIER)
    BNM_FOR_MUL(RUNS)
#endif
    default: return 0;
  }
#undef RUNS
}

static bnm_status conv_patches(const run *r, const uint8_t *record, int is_norm, const int8_t *x, int8_t *y) {
  const int is_padded = (bnm_record_conv2d_padding_y(record) | bnm_record_conv2d_padding_x(record)) != 0;
  const bnm_patch_layer layer = {
      .conv = read_conv2d(r, record),
      .linear = patch_function(bnm_record_conv_patches_kernel(record)),
      .gather = is_padded ? bnm_gather_padded : bnm_gather_patch,
      .rows = bnm_record_conv_patches_rows(record),
      .columns = bnm_record_conv_patches_columns(record),
      .pool_height = bnm_record_conv_patches_pool_height(record),
      .pool_width = bnm_record_conv_patches_pool_width(record),
      .shift = bnm_record_conv_patches_shift(record),
      .min = (int8_t)bnm_record_conv_patches_min(record),
      .max = (int8_t)bnm_record_conv_patches_max(record),
  };
  void *const scratch = buffer(r, bnm_record_conv_patches_scratch(record));
  if (layer.linear == 0) return BNM_NOT_BUILT_IN;
  if (is_norm) bnm_patches_norm(&layer, x, scratch, y);
  else bnm_patches_requantize(&layer, x, scratch, y);
  return BNM_OK;
}
#endif

#endif
