/* One raw integer to int8: what the functions of all types of raw values have in common. Definition: bnm_raw.h. */
#ifndef BNM_RAW_TO_INT8_H
#define BNM_RAW_TO_INT8_H

#include "bnm_log2_fixed.h"
#include "bnm_raw.h"

/* A record, from flash. */
static inline bnm_raw_feature bnm_read_raw_feature(const bnm_raw_feature *table) {
  bnm_raw_feature feature;
  feature.low = bnm_read_i32(&table->low);
  feature.high = bnm_read_i32(&table->high);
  feature.bias = bnm_read_i32(&table->bias);
  feature.multiplier = bnm_read_u16(&table->multiplier);
  feature.curve = bnm_read_u8(&table->curve);
  feature.shift = bnm_read_u8(&table->shift);
  return feature;
}

static inline int8_t bnm_raw_to_int8(const bnm_raw_feature *feature, int32_t raw) {
  if (raw < feature->low) raw = feature->low;
  if (raw > feature->high) raw = feature->high;
  const uint32_t n = ((uint32_t)raw - (uint32_t)feature->low) >> (feature->curve & 31u);
  const uint16_t t = (feature->curve & BNM_RAW_LOG2) != 0 ? (uint16_t)bnm_log2_fixed(n + 1) : (uint16_t)n;
  /* Without a sign: the product alone may leave int32, the sum does not. */
  const uint32_t sum = (uint32_t)feature->multiplier * t + (uint32_t)feature->bias;
  return (int8_t)((int32_t)sum >> feature->shift);
}

#endif
