/* How far an autoencoder is from its input. Interface: bnm_output.h. */
#include "bnm_output.h"

int32_t bnm_anomaly_score(const int8_t *input, const int32_t *logits, uint16_t n, const bnm_logit_scale *scale) {
  int32_t score = 0;
  for (uint16_t i = 0; i < n; i++) {
    const int16_t error = (int16_t)(bnm_scale_logit(logits[i], scale) - input[i]);
    score += (int32_t)error * error;
  }
  return score;
}
