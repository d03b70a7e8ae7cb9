/* Blocks of 5 outputs from sums of three inputs, in portable C: the meaning of bnm_trit_blocks_rv32e.S. Interface: bnm_trit_sums.h. */
#include "bnm_trit_sums.h"
#include "bnm_assert_layout.h"
#include "bnm_hot.h"

#if defined(BNM_RV32E) && !defined(__riscv_mul)
BNM_ASSERT_OFFSET(sums, bnm_trit_sums, sum, BNM_TRIT_SUMS);
BNM_ASSERT_EQUAL(entry_bytes, sizeof(((struct bnm_trit_sums *)0)->sum[0]), 4);
#else

static inline uint32_t lanes_of(const uint8_t *const *row, unsigned column) {
  return row[0][column] | (uint32_t)row[1][column] << BNM_TRIT_LANE | (uint32_t)row[2][column] << 2 * BNM_TRIT_LANE;
}

/* The next trit of each lane, in pairs of bits. */
static inline unsigned next_trits(uint32_t *lanes) {
  *lanes += *lanes << 1;
  const uint32_t trits = *lanes & BNM_TRIT_MASK;
  *lanes ^= trits;
  return (trits | trits >> 8 | trits >> 16) >> 8 & 63u;
}

BNM_HOT(bnm_trit_blocks)
void bnm_trit_blocks(const struct bnm_trit_sums *trits, unsigned column, int32_t *acc, unsigned blocks) {
  for (; blocks != 0; blocks--, column++) {
    uint32_t first = lanes_of(trits->row, column), second = lanes_of(trits->row + BNM_TRIT_INPUTS, column);
    for (unsigned k = 0; k < BNM_TRIT_OUTPUTS; k++) {
      const int32_t sum = trits->sum[next_trits(&first)][0];
      *acc++ += sum + trits->sum[next_trits(&second)][1];
    }
  }
}

#endif
