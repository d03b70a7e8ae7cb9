/* Sums of 2x2 outputs of a 3x3 kernel over one plane, for the DSP extension. Interface: bnm_product_rows.h; idea: bnm_dsp_blocks.h. */
#include "bnm_dsp_blocks.h"
#include "bnm_product_rows.h"

#if defined(BNM_DSP)

/* Where rows or columns are odd the last blocks have outputs that were there before. */
BNM_HOT(bnm_product_blocks)
void bnm_product_blocks(const struct bnm_product_rows *rows) {
  const struct bnm_byte_taps taps = BNM_BYTE_TAPS(rows->taps);
  const unsigned width = rows->row_bytes / 4u, plane_width = width + (unsigned)rows->next_row;
  const int8_t *x = rows->x;
  int32_t *above = rows->sums;
  for (unsigned rows_left = rows->rows;;) {
    const int32_t *const end = above + width;
    do {
      if (above + 1 == end) x--, above--;
      const struct bnm_block_sums sums = bnm_byte_block(x, plane_width, taps);
      int32_t *const below = above + width;
      above[0] = sums.a;
      above[1] = sums.b;
      below[0] = sums.c;
      below[1] = sums.d;
      x += 2;
      above += 2;
    } while (above != end);
    rows_left -= 2u;
    if (rows_left == 0) return;
    x += rows->next_row;
    if (rows_left == 1u) {
      rows_left = 2u;
    } else {
      x += plane_width;
      above += width;
    }
  }
}

#endif
