/* A logit as an integer of the answer. Interface: bnm_output.h. */
#include "bnm_output.h"

int32_t bnm_scale_logit(int32_t logit, const bnm_logit_scale *scale) {
  if (logit < scale->low) logit = scale->low;
  if (logit > scale->high) logit = scale->high;
  const uint32_t position = ((uint32_t)logit - (uint32_t)scale->low) >> scale->pre_shift;
  const uint32_t sum = position * scale->multiplier + scale->bias;
  return (int32_t)((uint32_t)scale->offset + (sum >> scale->shift));
}
