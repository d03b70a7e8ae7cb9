/*
 * Answers that are no classes, from logits: values of a regression, scores of an autoencoder, labels. 32-bit integers only.
 * docs/integer-inference.md (Outputs) defines them; TypeScript gives the same bits.
 */
#ifndef BNM_OUTPUT_H
#define BNM_OUTPUT_H

#include <stdint.h>

#include "bnm_memory.h"

#ifdef __cplusplus
extern "C" {
#endif

/* From a logit to an integer of the answer: offset + (((min(max(logit, low), high) - low >> pre_shift) * multiplier + bias) >> shift),
 * unsigned up to the offset. The model is refused where a position leaves 16 bits or the sum 32. */
typedef struct bnm_logit_scale {
  int32_t low, high; /* low < high */
  uint32_t bias;
  int32_t offset;
  uint16_t multiplier;
  uint8_t pre_shift, shift; /* 0 ... 31 */
} bnm_logit_scale;

/* scale   in flash */
int32_t bnm_scale_logit(int32_t logit, const bnm_logit_scale *scale);

/* The sum of (reconstruction - input)^2 of an autoencoder.
 * input   n int8 values, n up to 33025: the sum fits
 * logits  n values
 * scale   in flash: from a logit to the int8 that it reconstructs */
int32_t bnm_anomaly_score(const int8_t *input, const int32_t *logits, uint16_t n, const bnm_logit_scale *scale);

/* Bit i is set where logit i is above 0; n up to 32. */
uint32_t bnm_label_mask(const int32_t *logits, uint8_t n);

#ifdef __cplusplus
}
#endif

#endif
