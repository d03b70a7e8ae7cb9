/* The channels that were chosen. Interface: bnm.h. */
#include "bnm.h"

void bnm_mask_channels(const void *x, uint16_t channels, uint32_t bytes, const int8_t *chosen, void *y) {
  const int8_t *from = x;
  int8_t *to = y;
  for (const int8_t *const end = chosen + channels; chosen != end; chosen++) {
    for (uint32_t i = 0; i < bytes; i++, from++) *to++ = *chosen != 0 ? *from : 0;
  }
}
