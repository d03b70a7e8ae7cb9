/* Sums of listed elements, four outputs at once. Interface: bnm_digit_taps.h. */
#include "bnm_digit_taps.h"
#include "bnm_hot.h"

BNM_HOT(bnm_add_taps)
void bnm_add_taps(const struct bnm_tap_row *row, const struct bnm_tap_outputs *to, unsigned position) {
  const int8_t *x = to->x;
  int32_t *sums = to->sums;
  unsigned left = to->outputs, columns = to->width;
#define NEXT(PLACE)                                                            \
  const int8_t *const PLACE = x;                                               \
  x += to->step;                                                               \
  if (--columns == 0) columns = to->width, x += to->next_row
  for (; left >= 4u; left -= 4u, sums += 4) {
    NEXT(x0);
    NEXT(x1);
    NEXT(x2);
    NEXT(x3);
    const uint16_t *tap = row->list;
    int32_t a = 0, b = 0, c = 0, d = 0;
    for (const uint16_t *const end = row->ones_end; tap != end; tap++) {
      const unsigned at = *tap;
      a += x0[at];
      b += x1[at];
      c += x2[at];
      d += x3[at];
    }
    tap = row->minus_ones;
    for (const uint16_t *const end = row->end; tap != end; tap++) {
      const unsigned at = *tap;
      a -= x0[at];
      b -= x1[at];
      c -= x2[at];
      d -= x3[at];
    }
    sums[0] += (int32_t)((uint32_t)a << position);
    sums[1] += (int32_t)((uint32_t)b << position);
    sums[2] += (int32_t)((uint32_t)c << position);
    sums[3] += (int32_t)((uint32_t)d << position);
  }
  for (; left != 0; left--, sums++) {
    NEXT(x0);
    int32_t a = 0;
    for (const uint16_t *tap = row->list; tap != row->ones_end; tap++) a += x0[*tap];
    for (const uint16_t *tap = row->minus_ones; tap != row->end; tap++) a -= x0[*tap];
    *sums += (int32_t)((uint32_t)a << position);
  }
}
