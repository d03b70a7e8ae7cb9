/* Sums of listed elements, four outputs at once. Interface: bnm_signed_digits.h. */
#include "bnm_signed_digits.h"
#include "bnm_hot.h"

BNM_HOT(bnm_add_elements)
void bnm_add_elements(const struct bnm_weight_row *row, const struct bnm_channel_outputs *to, unsigned position) {
  const int8_t *x = to->x;
  int32_t *sums = to->sums;
  unsigned left = to->outputs, columns = to->width;
#define ADD_SUMS                                     \
  sums[0] += (int32_t)((uint32_t)a << position);     \
  sums[1] += (int32_t)((uint32_t)b << position);     \
  sums[2] += (int32_t)((uint32_t)c << position);     \
  sums[3] += (int32_t)((uint32_t)d << position)
#define NEXT(PLACE)                                                            \
  const int8_t *const PLACE = x;                                               \
  x += to->step;                                                               \
  if (--columns == 0) columns = to->width, x += to->next_row
  for (; left >= 4u; left -= 4u, sums += 4) {
    int32_t a = 0, b = 0, c = 0, d = 0;
    if (to->step == 1u && columns >= 4u) {
      /* Side by side: one address for all. */
      const uint16_t *element = row->list;
      for (const uint16_t *const end = row->ones_end; element != end; element++) {
        const int8_t *const at = x + *element;
        a += at[0];
        b += at[1];
        c += at[2];
        d += at[3];
      }
      element = row->minus_ones;
      for (const uint16_t *const end = row->end; element != end; element++) {
        const int8_t *const at = x + *element;
        a -= at[0];
        b -= at[1];
        c -= at[2];
        d -= at[3];
      }
      ADD_SUMS;
      x += 4;
      columns -= 4u;
      if (columns == 0) columns = to->width, x += to->next_row;
      continue;
    }
    NEXT(x0);
    NEXT(x1);
    NEXT(x2);
    NEXT(x3);
    const uint16_t *element = row->list;
    for (const uint16_t *const end = row->ones_end; element != end; element++) {
      const unsigned at = *element;
      a += x0[at];
      b += x1[at];
      c += x2[at];
      d += x3[at];
    }
    element = row->minus_ones;
    for (const uint16_t *const end = row->end; element != end; element++) {
      const unsigned at = *element;
      a -= x0[at];
      b -= x1[at];
      c -= x2[at];
      d -= x3[at];
    }
    ADD_SUMS;
  }
  for (; left != 0; left--, sums++) {
    NEXT(x0);
    int32_t a = 0;
    for (const uint16_t *element = row->list; element != row->ones_end; element++) a += x0[*element];
    for (const uint16_t *element = row->minus_ones; element != row->end; element++) a -= x0[*element];
    *sums += (int32_t)((uint32_t)a << position);
  }
}
