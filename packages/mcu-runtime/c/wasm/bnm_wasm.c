/* WebAssembly entry: many samples in one call, so that the time goes into inference and not into crossing from JavaScript. */
#include "bnm.h"
#include "bnm_image.h"

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
