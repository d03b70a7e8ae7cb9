/* Blocks of 8 outputs by look-up, in portable C: the meaning of bnm_lookup4_blocks_rv32e.S and _thumb.S. */
#include "bnm_lookup_products.h"
#include "bnm_hot.h"

#if !defined(BNM_RV32E) && !defined(BNM_THUMB) && !defined(BNM_DSP)

const uint8_t *bnm_lookup4_blocks(const void *listed, const uint8_t *words, int32_t *acc, unsigned blocks) {
  const struct bnm_lookup *const lookup = listed;
  for (; blocks != 0; blocks--, words += lookup->block_bytes, acc += 8) {
    for (unsigned j = 0; j < BNM_LOOKUP_INPUTS; j++) {
      uint32_t word = *(const uint32_t *)(const void *)(words + lookup->offset[j]);
      for (unsigned k = 0; k < 8; k++, word >>= 4) acc[k] += lookup->product[j][word & 15u];
    }
  }
  return words;
}

#endif
