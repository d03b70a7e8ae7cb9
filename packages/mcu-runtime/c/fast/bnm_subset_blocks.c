/* Blocks of 16 outputs from sums of subsets, in portable C: the meaning of bnm_subset_blocks_rv32e.S. Interface: bnm_subset_sums.h. */
#include "bnm_subset_sums.h"
#include "bnm_assert_layout.h"
#include "bnm_hot.h"

#if defined(BNM_RV32E)
BNM_ASSERT_EQUAL(table_bytes, sizeof(((struct bnm_subset_sums *)0)->sum[0]), BNM_SUBSET_TABLE_BYTES);
BNM_ASSERT_OFFSET(rows, bnm_subset_sums, row, 0);
BNM_ASSERT_OFFSET(sums, bnm_subset_sums, sum, BNM_SUBSET_SUMS);
#else

/* Of every pair of bits the upper one of `low` changes places with the lower one of `high`, `width` bits together. */
#define SWAP(low, high, width, mask)                                          \
  {                                                                           \
    const uint32_t other = ((low) >> (width) ^ (high)) & (mask); \
    (high) ^= other;                                                          \
    (low) ^= other << (width);                                                \
  }

/* Four outputs, four apart. Codes of the first table are in the low half of the word, those of the second one in the high half. */
static inline void add_sums(const struct bnm_subset_sums *subsets, uint32_t codes, int32_t *acc) {
#if defined(BNM_DSP)
#pragma GCC unroll 4 /* UBFX takes a constant */
#endif
  for (unsigned k = 0; k < 4u; k++) acc[4u * k] += subsets->sum[0][codes >> 4u * k & 15u] + subsets->sum[1][codes >> (16u + 4u * k) & 15u];
}

/* The codes of two inputs, one of each table. */
static inline uint32_t codes_of(const uint8_t *const *row, unsigned column) {
  const uint16_t *const first = (const uint16_t *)(const void *)(row[0] + column);
  const uint16_t *const second = (const uint16_t *)(const void *)(row[BNM_SUBSET_INPUTS] + column);
  return *first | (uint32_t)*second << 16;
}

BNM_HOT(bnm_subset_blocks)
void bnm_subset_blocks(const struct bnm_subset_sums *subsets, unsigned column, int32_t *acc, unsigned blocks) {
  const uint8_t *const *const row = subsets->row;
  for (; blocks != 0; blocks--, column += 2u, acc += BNM_SUBSET_OUTPUTS) {
    uint32_t a = codes_of(row, column), b = codes_of(row + 1, column), c = codes_of(row + 2, column), d = codes_of(row + 3, column);
    /* From the codes of an input to those of an output: every 4 by 4 bits are transposed. */
    SWAP(a, b, 1, 0x55555555u)
    SWAP(c, d, 1, 0x55555555u)
    SWAP(a, c, 2, 0x33333333u)
    SWAP(b, d, 2, 0x33333333u)
    add_sums(subsets, a, acc);
    add_sums(subsets, b, acc + 1);
    add_sums(subsets, c, acc + 2);
    add_sums(subsets, d, acc + 3);
  }
}

#endif
