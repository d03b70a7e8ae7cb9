/* What the Ternary weights of a channel add to two pairs of outputs. Interface: bnm_signed_digits.h. */
#include "bnm_assert_layout.h"
#include "bnm_signed_digits.h"
#include "bnm_hot.h"

#if defined(BNM_RV32E)

BNM_ASSERT_OFFSET(codes, bnm_weight_row, codes, BNM_ROW_CODES);
BNM_ASSERT_OFFSET(plane_width, bnm_weight_row, plane_width, BNM_ROW_PLANE_WIDTH);
BNM_ASSERT_OFFSET(next_plane, bnm_weight_row, next_plane, BNM_ROW_NEXT_PLANE);
BNM_ASSERT_OFFSET(columns, bnm_weight_row, columns, BNM_ROW_COLUMNS);
BNM_ASSERT_OFFSET(rows, bnm_weight_row, rows, BNM_ROW_ROWS);
BNM_ASSERT_OFFSET(rows_left, bnm_weight_row, count, BNM_ROW_ROWS_LEFT);
BNM_ASSERT_OFFSET(planes, bnm_weight_row, offset, BNM_ROW_PLANES);
BNM_ASSERT_OFFSET(planes_left, bnm_weight_row, done, BNM_ROW_PLANES_LEFT);

#else

BNM_HOT(bnm_add_trits)
void bnm_add_trits(struct bnm_weight_row *row, const int8_t *x, int second, int32_t *sums, int32_t *second_sums) {
  const uint8_t *codes = row->codes;
  unsigned columns = row->columns, group = 0, trits = 0;
  row->count = row->rows;
  row->done = row->offset;
  int32_t a = 0, b = 0, c = 0, d = 0;
  for (;;) {
    if (trits == 0) group = *codes++, trits = 5;
    trits--;
    /* A byte is a fraction: times 3 pushes the next of its trits out above the point. */
    group *= 3u;
    const unsigned trit = group >> 8;
    group &= 0xFFu;
    if (trit == 0u) a -= x[0], b -= x[1], c -= x[second], d -= x[second + 1];
    if (trit == 2u) a += x[0], b += x[1], c += x[second], d += x[second + 1];
    x++;
    if (--columns != 0) continue;
    columns = row->columns;
    if (--row->count == 0) {
      if (--row->done == 0) break;
      row->count = row->rows;
      x += row->next_plane;
    }
    x += row->plane_width - columns;
  }
  sums[0] = a;
  sums[1] = b;
  second_sums[0] = c;
  second_sums[1] = d;
}

#endif
