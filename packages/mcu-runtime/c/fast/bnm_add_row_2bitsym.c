/* One input's products of 2-bit weights, in portable C: the meaning of bnm_add_row_2bitsym_rv32e.S. */
#include "bnm_hot.h"
#include "bnm_linear_rows.h"

#if !defined(BNM_RV32E)

BNM_HOT(bnm_add_row_2bitsym)
void bnm_add_row_2bitsym(const uint8_t *row, unsigned outputs, int32_t difference, int32_t *acc) {
  const int32_t products[4] = {-3 * difference, -difference, difference, 3 * difference};
  for (const int32_t *const end = acc + (outputs & ~3u); acc != end; acc += 4) {
    const unsigned codes = *row++;
    acc[0] += bnm_product_at(products, codes << 2 & 12u);
    acc[1] += bnm_product_at(products, codes & 12u);
    acc[2] += bnm_product_at(products, codes >> 2 & 12u);
    acc[3] += bnm_product_at(products, codes >> 4 & 12u);
  }
  if ((outputs & 3u) == 0) return;
  unsigned codes = *row << 2;
  for (unsigned left = outputs & 3u; left != 0; left--, codes >>= 2) *acc++ += bnm_product_at(products, codes & 12u);
}

#endif
