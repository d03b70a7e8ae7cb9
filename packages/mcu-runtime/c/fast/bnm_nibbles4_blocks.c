/* Blocks of 8 outputs from the nibble lists, in portable C: the meaning of bnm_nibbles4_blocks_rv32e.S. */
#include "bnm_nibble_lists.h"
#include "bnm_hot.h"

#if !defined(BNM_RV32E)

#define SUMS 4u

/*
 * Adds codes in 16-bit lanes: outputs k and k + 4 to run[k], with 16 times those of run[k + 1] in it. As numbers modulo 2^32
 * these sums stay exact although their lanes run over; differences of the totals take the higher codes out again.
 */
static void add_codes(uint32_t word, uint32_t *run) {
  for (unsigned k = 0; k < SUMS; k++, word = word >> 4 & 0x0FFF0FFFu) run[k] += word;
}

static void add_totals(const uint32_t *total, uint32_t shift, int32_t offset, int32_t *acc) {
  for (unsigned k = 0; k < SUMS; k++) {
    const uint32_t sum = k + 1u < SUMS ? total[k] - 16u * total[k + 1u] : total[k];
    acc[k] += (int32_t)((sum & 0xFFFFu) << shift) + offset;
    acc[k + 4u] += (int32_t)(sum >> 16 << shift) + offset;
  }
}

static void block(const struct bnm_nibble_lists *lists, const uint8_t *words, int32_t *acc) {
  uint32_t run[SUMS] = {0, 0, 0, 0}, total[SUMS] = {0, 0, 0, 0};
  const uint8_t *stream = lists->high;
  for (;;) {
    const int header = *stream < 128 ? *stream : *stream - 256;
    stream++;
    for (unsigned k = 0; k < SUMS && header > 0; k++) total[k] += run[k];
    if (header == BNM_NIBBLES_FINISH) break;
    if (header == BNM_NIBBLES_SHIFT || header == BNM_NIBBLES_SPILL) {
      const int is_spilled = header == BNM_NIBBLES_SPILL;
      if (is_spilled) add_totals(total, lists->shift + 4u, 0, acc);
      for (unsigned k = 0; k < SUMS; k++) total[k] = is_spilled ? 0 : 16u * total[k], run[k] = 0;
      stream = lists->u.low;
      continue;
    }
    for (int left = header < 0 ? -header : header; left > 1; left--) {
      add_codes(*(const uint32_t *)(const void *)(words + *stream++ - 1), run);
    }
  }
  add_totals(total, lists->shift, lists->offset, acc);
}

const uint8_t *bnm_nibbles4_blocks(const struct bnm_nibble_lists *lists, const uint8_t *words, int32_t *acc, unsigned blocks) {
  for (; blocks != 0; blocks--, words += 4 * (lists->x_end - lists->x), acc += 8) block(lists, words, acc);
  return words;
}

#endif
