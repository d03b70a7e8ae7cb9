/* Part by part of a format's codes. Interface: bnm_output_blocks.h. */
#include "bnm_output_blocks.h"

void bnm_add_parts(const struct bnm_code_parts *codes, const void *listed, struct bnm_sum_scale *scale, int32_t sum,
                   const uint8_t *words, unsigned outputs, int32_t *acc) {
  if (sum == 0) return;
  const struct bnm_code_part *part = codes->part;
  for (unsigned count = codes->count; count != 0; count--, part++) {
    scale->shift = part->shift;
    scale->offset = (part->one != 0 ? sum : 0) - (sum << part->minus_log2);
    words = bnm_add_part(part->add, part->log2_outputs, listed, scale->offset, words, outputs, acc);
  }
}
