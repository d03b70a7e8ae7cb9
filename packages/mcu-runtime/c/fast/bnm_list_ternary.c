/* Lists of elements from packed Ternary codes. Interface: bnm_fast.h; idea: bnm_signed_digits.h. */
#include "bnm_signed_digits.h"
#include "bnm_hot.h"

BNM_HOT(bnm_list_ternary)
int bnm_list_ternary(struct bnm_weight_row *row, unsigned position) {
  (void)position;
  const uint8_t *codes = row->codes;
  uint16_t *one = row->list, *minus_one = one + row->count;
  unsigned offset = row->offset, columns = row->columns, rows = row->rows;
  row->end = minus_one;
  for (unsigned left = row->count; left != 0;) {
    /* A byte is a fraction: times 3 pushes the next of its trits out above the point. */
    unsigned group = *codes++;
    unsigned trits = left < 5u ? left : 5u;
    left -= trits;
    do {
      group *= 3u;
      const unsigned trit = group >> 8;
      group &= 0xFFu;
      if (trit == 0u) *--minus_one = (uint16_t)offset;
      if (trit == 2u) *one++ = (uint16_t)offset;
      offset++;
      if (--columns == 0) {
        columns = row->conv->kernel_width;
        offset += row->plane_width - columns;
        if (--rows == 0) {
          rows = row->conv->kernel_height;
          offset += row->next_plane;
        }
      }
    } while (--trits != 0);
  }
  row->codes = codes;
  row->offset = offset;
  row->columns = columns;
  row->rows = rows;
  row->ones_end = one;
  row->minus_ones = minus_one;
  return 0;
}
