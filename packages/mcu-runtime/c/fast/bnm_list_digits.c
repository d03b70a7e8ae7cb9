/* Lists of elements by the digits of any weights. Interface: bnm_fast.h; idea: bnm_signed_digits.h. */
#include "bnm_signed_digits.h"
#include "bnm_hot.h"

BNM_WARM(bnm_list_digits)
int bnm_list_digits(struct bnm_weight_row *row, unsigned position) {
  int16_t *weights = row->weights;
  if (position == 0) row->conv->unpack(row->codes, (uint16_t)row->done, (uint16_t)row->count, weights);
  uint16_t *one = row->list, *minus_one = one + row->count;
  unsigned offset = row->offset, columns = row->columns, rows = row->rows;
  row->end = minus_one;
  int rest = 0;
  for (unsigned left = row->count; left != 0; left--, weights++) {
    int weight = *weights;
    if ((weight & 1) != 0) {
      /* The digit that leaves a multiple of 4. */
      if ((weight & 2) == 0) {
        *one++ = (uint16_t)offset;
        weight--;
      } else {
        *--minus_one = (uint16_t)offset;
        weight++;
      }
    }
    weight >>= 1;
    *weights = (int16_t)weight;
    rest |= weight;
    offset++;
    if (--columns == 0) {
      columns = row->conv->kernel_width;
      offset += row->plane_width - columns;
      if (--rows == 0) {
        rows = row->conv->kernel_height;
        offset += row->next_plane;
      }
    }
  }
  row->ones_end = one;
  row->minus_ones = minus_one;
  if (rest != 0) return 1;
  row->offset = offset;
  row->columns = columns;
  row->rows = rows;
  return 0;
}
