/* WebAssembly entry: many samples in one call, so that the time goes into inference and not into crossing from JavaScript. */
#include "bnm.h"
#include "bnm_image.h"
#include "bnm_output.h"
#include "bnm_raw.h"
#include "bnm_row.h"

/* Which images bnm_run() walks here. */
__attribute__((export_name("image_format"))) uint32_t bnm_wasm_image_format(void) { return BNM_IMAGE_FORMAT; }

/* The status of the first sample that does not run. */
__attribute__((export_name("run"))) bnm_status bnm_wasm_run(const uint8_t *image, const int8_t *input, uint32_t inputs,
                                                            uint32_t count, uint8_t *ram, int32_t *logits,
                                                            uint32_t outputs) {
  for (uint32_t sample = 0; sample < count; sample++) {
    const bnm_status status = bnm_run(image, input, ram, logits);
    if (status != BNM_OK) return status;
    input += inputs;
    logits += outputs;
  }
  return BNM_OK;
}

/* Raw samples to int8. type: BNM_RAW_...; decimals: of features, for f32. */
__attribute__((export_name("quantize_raw"))) void bnm_wasm_quantize_raw(uint32_t type, const void *values,
                                                                        uint32_t features, uint32_t run,
                                                                        uint32_t count, const bnm_raw_feature *table,
                                                                        const uint8_t *decimals, int8_t *input) {
  const uint32_t inputs = features * run;
  for (uint32_t at = 0; at != count * inputs; at += inputs) {
    switch (type) {
      case BNM_RAW_U8:
        bnm_quantize_raw_u8((const uint8_t *)values + at, (uint16_t)features, (uint16_t)run, table, input + at);
        break;
      case BNM_RAW_I16:
        bnm_quantize_raw_i16((const int16_t *)values + at, (uint16_t)features, (uint16_t)run, table, input + at);
        break;
      case BNM_RAW_I32:
        bnm_quantize_raw_i32((const int32_t *)values + at, (uint16_t)features, (uint16_t)run, table, input + at);
        break;
      default:
        bnm_quantize_raw_f32((const float *)values + at, (uint16_t)features, (uint16_t)run, table, decimals, input + at);
    }
  }
}

/* Values of count samples: `values` scales, one a logit. */
__attribute__((export_name("scale_logits"))) void bnm_wasm_scale_logits(const int32_t *logits, uint32_t count,
                                                                        const bnm_logit_scale *scales, uint32_t values,
                                                                        int32_t *answers) {
  for (uint32_t i = 0; i < count * values; i++) answers[i] = bnm_scale_logit(logits[i], &scales[i % values]);
}

__attribute__((export_name("anomaly_scores"))) void bnm_wasm_anomaly_scores(const int8_t *input, const int32_t *logits,
                                                                            uint32_t n, uint32_t count,
                                                                            const bnm_logit_scale *scale,
                                                                            int32_t *scores) {
  for (uint32_t i = 0; i < count; i++) scores[i] = bnm_anomaly_score(input + i * n, logits + i * n, (uint16_t)n, scale);
}

__attribute__((export_name("label_masks"))) void bnm_wasm_label_masks(const int32_t *logits, uint32_t n, uint32_t count,
                                                                      uint32_t *masks) {
  for (uint32_t i = 0; i < count; i++) masks[i] = bnm_label_mask(logits + i * n, (uint8_t)n);
}
