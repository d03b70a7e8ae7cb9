/* Interpreter of prebuilt images: reads one record after another and calls the kernel that it names. Interface: bnm.h. */
#include "bnm_run_convolutions.h"

/* One record that is not BNM_OP_CHANNELS. */
static bnm_status step(const run *r, const uint8_t *record, long channel, const void *x, void *y) {
  const enum bnm_op op = (enum bnm_op)bnm_record_op(record);
  const uint16_t n = bnm_record_n(record);
  switch (op) {
    case BNM_OP_CHANNELS: return BNM_UNKNOWN_OP; /* inside another one */
    case BNM_OP_LINEAR: return linear(r, record, n, x, y);
    case BNM_OP_CONV2D_I8: return conv2d(r, record, 0, channel, x, y);
    case BNM_OP_CONV2D_I32: return conv2d(r, record, 1, channel, x, y);
    case BNM_OP_SHIFT_NORM_RELU: bnm_shift_norm_relu(x, n, y); return BNM_OK;
    case BNM_OP_MAX_ABS_NORM_RELU: bnm_max_abs_norm_relu(x, n, y); return BNM_OK;
    case BNM_OP_WIDEN: bnm_widen(x, n, y); return BNM_OK;
    case BNM_OP_RELU_SHIFT: bnm_relu_shift(x, n, bnm_record_relu_shift_shift(record), y); return BNM_OK;
    case BNM_OP_RMS_NORM: bnm_rms_norm(x, n, bnm_record_rms_norm_gain(record), y); return BNM_OK;
    case BNM_OP_TOP_RELU: bnm_top_relu(x, n, y); return BNM_OK;
    case BNM_OP_REQUANTIZE:
    case BNM_OP_REQUANTIZE_I32: requantize(op, record, n, x, y); return BNM_OK;
    case BNM_OP_LOOKUP: bnm_lookup(x, n, table(r, bnm_record_lookup_table(record)), y); return BNM_OK;
    case BNM_OP_ADD:
    case BNM_OP_ADD_SCALED: add(op, r, record, n, x, y); return BNM_OK;
    case BNM_OP_CHOOSE_GROUPS:
      bnm_choose_groups(x, n, bnm_record_choose_groups_keep(record), bnm_record_choose_groups_size(record), y);
      return BNM_OK;
    case BNM_OP_MASK_CHANNELS:
      bnm_mask_channels(x, n, bnm_record_mask_channels_bytes(record), buffer(r, bnm_record_mask_channels_chosen(record)), y);
      return BNM_OK;
    case BNM_OP_CLEAR: bnm_clear(y, bnm_record_clear_bytes(record)); return BNM_OK;
    case BNM_OP_KEEP_FEATURES: return keep_features(r, record, n, channel, x, y);
    case BNM_OP_NORMALIZE_FEATURES:
      bnm_normalize_features(y, bnm_record_normalize_features_channels(record), n,
                             buffer(r, bnm_record_normalize_features_shifts(record)));
      return BNM_OK;
#if defined(BNM_CONV_KERNELS)
    case BNM_OP_CONV_CHAIN: return conv_chain(r, record, n, x, y);
    case BNM_OP_CONV_NORM: return conv_norm(r, record, x, y);
    case BNM_OP_CONV_REQUANTIZE: return conv_requantize(r, record, channel, x, y);
#else
    case BNM_OP_CONV_CHAIN:
    case BNM_OP_CONV_REQUANTIZE:
    case BNM_OP_CONV_NORM: return BNM_NOT_BUILT_IN;
#endif
#if defined(BNM_FAST_KERNELS)
    case BNM_OP_PATCHES_NORM: return conv_patches(r, record, 1, x, y);
    case BNM_OP_PATCHES_REQUANTIZE: return conv_patches(r, record, 0, x, y);
#else
    case BNM_OP_PATCHES_NORM:
    case BNM_OP_PATCHES_REQUANTIZE: return BNM_NOT_BUILT_IN;
#endif
    case BNM_OP_MAX_POOL2D_I8:
    case BNM_OP_MAX_POOL2D_I32:
    case BNM_OP_AVG_POOL2D_I8:
    case BNM_OP_AVG_POOL2D_I32: pool2d(op, record, x, y); return BNM_OK;
    case BNM_OP_CROP_I8:
    case BNM_OP_CROP_I32: crop(op, record, x, y); return BNM_OK;
  }
  return BNM_UNKNOWN_OP;
}

static const uint8_t *next(const uint8_t *record) { return record + 4u * bnm_record_words(record); }

/* Runs the body of a BNM_OP_CHANNELS record for every channel that is to run; `after` gets the record after the body. */
static bnm_status channels(const run *r, const uint8_t *record, const uint8_t **after) {
  const uint16_t count = bnm_record_n(record);
  const uint32_t x_stride = bnm_record_channels_x_stride(record);
  const uint32_t y_stride = bnm_record_channels_y_stride(record);
  const uint16_t steps = bnm_record_channels_steps(record);
  const uint16_t sharing = bnm_record_channels_sharing(record);
  const int8_t *const chosen = buffer(r, bnm_record_channels_chosen(record));
  const uint8_t *const body = next(record);
  uint32_t x_offset = 0;
  uint32_t y_offset = 0;
  uint16_t of_group = sharing;
  for (uint16_t channel = 0; channel < count; channel++) {
    const uint8_t *at = body;
    for (uint16_t s = 0; s < steps && (chosen == 0 || chosen[channel] != 0); s++) {
      const uint8_t *x = buffer(r, bnm_record_x(at));
      uint8_t *y = buffer(r, bnm_record_y(at));
      const bnm_status status = step(r, at, channel, s == 0 ? x + x_offset : x, s + 1 == steps ? y + y_offset : y);
      if (status != BNM_OK) return status;
      at = next(at);
    }
    y_offset += y_stride;
    of_group--;
    if (of_group == 0) {
      x_offset += x_stride;
      of_group = sharing;
    }
  }
  const uint8_t *at = body;
  for (uint16_t s = 0; s < steps; s++) at = next(at);
  *after = at;
  return BNM_OK;
}

bnm_status bnm_run(const uint8_t *image, const int8_t *input, uint8_t *ram, int32_t *logits) {
  const run r = {image, input, ram, logits};
  const uint16_t records = bnm_image_records(image);
  const uint8_t *record = image + BNM_IMAGE_HEADER_BYTES;
  bnm_status status = BNM_OK;
  for (uint16_t i = 0; i < records && status == BNM_OK; i++) {
    if (bnm_record_op(record) == BNM_OP_CHANNELS) {
      status = channels(&r, record, &record);
    } else {
      status = step(&r, record, NO_CHANNEL, buffer(&r, bnm_record_x(record)), buffer(&r, bnm_record_y(record)));
      record = next(record);
    }
  }
  return status;
}
