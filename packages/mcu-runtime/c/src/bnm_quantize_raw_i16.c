/* Raw values of type int16_t to int8. Interface: bnm_raw.h. */
#include "bnm_raw_to_int8.h"

void bnm_quantize_raw_i16(const int16_t *values, uint16_t features, uint16_t run, const bnm_raw_feature *table,
                         int8_t *input) {
  for (; features != 0; features--) {
    const bnm_raw_feature feature = bnm_read_raw_feature(table++);
    for (uint16_t i = run; i != 0; i--) *input++ = bnm_raw_to_int8(&feature, *values++);
  }
}
