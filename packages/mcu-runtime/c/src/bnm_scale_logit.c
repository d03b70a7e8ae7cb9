/* A logit as an integer of the answer. Interface: bnm_output.h. */
#include "bnm_output.h"

int32_t bnm_scale_logit(int32_t logit, const bnm_logit_scale *scale) {
  const int32_t low = bnm_read_i32(&scale->low), high = bnm_read_i32(&scale->high);
  if (logit < low) logit = low;
  if (logit > high) logit = high;
  const uint32_t position = ((uint32_t)logit - (uint32_t)low) >> bnm_read_u8(&scale->pre_shift);
  const uint32_t sum = position * bnm_read_u16(&scale->multiplier) + (uint32_t)bnm_read_i32(&scale->bias);
  return (int32_t)((uint32_t)bnm_read_i32(&scale->offset) + (sum >> bnm_read_u8(&scale->shift)));
}
