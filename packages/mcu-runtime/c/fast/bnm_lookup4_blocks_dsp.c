/* Blocks of 8 outputs by look-up, for cores with the DSP extension: UBFX takes a code from a word. Interface: bnm_lookup_products.h. */
#include "bnm_dsp.h"
#include "bnm_lookup_products.h"

#if defined(BNM_DSP)

/* Two inputs at a time: their words and their tables are in registers. */
#define ADD(K) acc[K] += first[a >> 4 * (K) & 15u] + second[b >> 4 * (K) & 15u]

BNM_HOT(bnm_lookup4_blocks)
const uint8_t *bnm_lookup4_blocks(const void *listed, const uint8_t *words, int32_t *acc, unsigned blocks) {
  const struct bnm_lookup *const lookup = listed;
  for (; blocks != 0; blocks--, words += lookup->block_bytes, acc += 8) {
    for (unsigned j = 0; j < BNM_LOOKUP_INPUTS; j += 2) {
      const int16_t *const first = lookup->product[j], *const second = lookup->product[j + 1u];
      const uint32_t a = *(const uint32_t *)(const void *)(words + lookup->offset[j]);
      const uint32_t b = *(const uint32_t *)(const void *)(words + lookup->offset[j + 1u]);
      ADD(0);
      ADD(1);
      ADD(2);
      ADD(3);
      ADD(4);
      ADD(5);
      ADD(6);
      ADD(7);
    }
  }
  return words;
}

#endif
