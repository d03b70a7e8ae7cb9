/* A block of 8 outputs from the nibble lists, in portable C: the meaning of bnm_nibble_blocks_rv32e.h. */
#ifndef BNM_NIBBLE_BLOCK_H
#define BNM_NIBBLE_BLOCK_H

#include "bnm_nibble_lists.h"

#define BNM_NIBBLE_SUMS 4u

/*
 * Adds codes in 16-bit lanes: outputs k and k + 4 to run[k], with 2^bits times those of run[k + 1] in it. As numbers modulo 2^32
 * these sums stay exact although their lanes run over; differences of the totals take the higher codes out again.
 */
static inline void bnm_add_nibble_codes(uint32_t word, unsigned bits, uint32_t *run) {
  if (bits == 3u) word &= 0x0FFF0FFFu;
  for (unsigned k = 0; k < BNM_NIBBLE_SUMS; k++, word = word >> bits & 0x0FFF0FFFu) run[k] += word;
}

static inline void bnm_add_nibble_totals(const uint32_t *total, unsigned bits, uint32_t shift, int32_t offset, int32_t *acc) {
  for (unsigned k = 0; k < BNM_NIBBLE_SUMS; k++) {
    const uint32_t sum = k + 1u < BNM_NIBBLE_SUMS ? total[k] - (total[k + 1u] << bits) : total[k];
    acc[k] += (int32_t)((sum & 0xFFFFu) << shift) + offset;
    acc[k + 4u] += (int32_t)(sum >> 16 << shift) + offset;
  }
}

/* bits: of a code; 3 or 4 */
static inline void bnm_add_nibble_block(const struct bnm_nibble_lists *lists, unsigned bits, const uint8_t *words, int32_t *acc) {
  uint32_t run[BNM_NIBBLE_SUMS] = {0, 0, 0, 0}, total[BNM_NIBBLE_SUMS] = {0, 0, 0, 0};
  const uint8_t *stream = lists->high;
  for (;;) {
    const int header = *stream < 128 ? *stream : *stream - 256;
    stream++;
    for (unsigned k = 0; k < BNM_NIBBLE_SUMS && header > 0; k++) total[k] += run[k];
    if (header == BNM_NIBBLES_FINISH) break;
    if (header == BNM_NIBBLES_SHIFT || header == BNM_NIBBLES_SPILL) {
      const int is_spilled = header == BNM_NIBBLES_SPILL;
      if (is_spilled) bnm_add_nibble_totals(total, bits, lists->scale.shift + 4u, 0, acc);
      for (unsigned k = 0; k < BNM_NIBBLE_SUMS; k++) total[k] = is_spilled ? 0 : 16u * total[k], run[k] = 0;
      stream = lists->u.low;
      continue;
    }
    for (int left = header < 0 ? -header : header; left > 1; left--) {
      bnm_add_nibble_codes(*(const uint32_t *)(const void *)(words + 4u * (*stream++ - 1u)), bits, run);
    }
  }
  bnm_add_nibble_totals(total, bits, lists->scale.shift, lists->scale.offset, acc);
}

#endif
