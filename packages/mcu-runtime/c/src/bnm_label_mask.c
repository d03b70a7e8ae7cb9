/* The signs of logits. Interface: bnm_output.h. */
#include "bnm_output.h"

uint32_t bnm_label_mask(const int32_t *logits, uint8_t n) {
  uint32_t mask = 0;
  for (uint8_t i = n; i != 0; i--) mask = mask << 1 | (uint32_t)(logits[i - 1] > 0);
  return mask;
}
