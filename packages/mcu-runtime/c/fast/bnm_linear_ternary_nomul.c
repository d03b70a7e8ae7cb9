/*
 * Linear layer with weights -1, 0, 1: five in a byte, base 3, as in bnm_linear_ternary. Interface: bnm_fast.h.
 * Without a multiplier input by input, by a table of an input's three products; where there is one, five outputs at a time over a list of
 * inputs (bnm_five_trits.h), so that their sums stay in registers.
 */
#include "bnm_difference_list.h"
#include "bnm_fast.h"
#include "bnm_five_trits.h"
#include "bnm_hot.h"
#include "bnm_linear_rows.h"
#include "bnm_row_sums.h"

#define TRITS 5u

/* (outputs + 4) / 5 for all 16-bit counts; parts without a division have no need to link one. */
static unsigned row_bytes_of(unsigned outputs) { return (unsigned)((outputs + 4u) * (uint32_t)52429u >> 18); }

#if defined(__riscv) && !defined(__riscv_mul)

/* The byte is the fraction v / 3^5, rounded up: times 3 pushes the next trit out above the point. */
#define NEXT_TRIT           \
  codes += codes << 1;      \
  offset = codes >> 6 & 12u; \
  codes &= 0xFFu;

BNM_HOT(bnm_add_row_ternary)
static void add_row(const uint8_t *row, unsigned outputs, int32_t difference, int32_t *acc) {
  const int32_t products[3] = {-difference, 0, difference};
  unsigned codes, offset;
  for (; outputs >= TRITS; outputs -= TRITS, acc += TRITS) {
    codes = *row++;
    NEXT_TRIT acc[0] += bnm_product_at(products, offset);
    NEXT_TRIT acc[1] += bnm_product_at(products, offset);
    NEXT_TRIT acc[2] += bnm_product_at(products, offset);
    NEXT_TRIT acc[3] += bnm_product_at(products, offset);
    NEXT_TRIT acc[4] += bnm_product_at(products, offset);
  }
  if (outputs == 0) return;
  codes = *row;
  for (; outputs != 0; outputs--) {
    NEXT_TRIT *acc++ += bnm_product_at(products, offset);
  }
}

void bnm_linear_ternary_nomul(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  bnm_linear_rows(x, inputs, weights, outputs, acc, row_bytes_of(outputs), add_row);
}

#else

/* Trits are weights + 1. */
BNM_HOT(bnm_add_listed_ternary)
static void add_listed(struct bnm_difference_list *list, int32_t sum, const uint8_t *rows, unsigned outputs, int32_t *acc) {
  if (sum == 0) return;
  const unsigned row_bytes = row_bytes_of(outputs);
  for (struct bnm_difference *item = list->item; item != list->last; item++) item->offset = (uint16_t)((item->offset >> 2) * row_bytes);
  for (unsigned left = outputs; left != 0; rows++) {
    uint32_t prefix[TRITS], before = 0;
    bnm_five_trits(list->item, list->last, rows, prefix);
    for (unsigned k = 0; k < TRITS && left != 0; k++, left--) {
      *acc++ += (int32_t)(prefix[k] - 3u * before) - sum;
      before = prefix[k];
    }
  }
}

void bnm_linear_ternary_nomul(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc) {
  struct bnm_difference_list list;
  const uint8_t *const rows = bnm_start_from_row_sums(x, inputs, weights, outputs, acc, &list.mode);
  list.x = list.next = x;
  list.x_end = x + inputs;
  list.below = 0;
  while (list.next != list.x_end) {
    const int32_t sum = bnm_collect_differences(&list);
    add_listed(&list, sum, rows, outputs, acc);
  }
  if (list.below == 0) return;
  /* Differences below the mode value are added as their opposites and subtracted as a whole. */
  bnm_negate(acc, outputs);
  list.next = x;
  while (list.next != list.x_end) {
    const int32_t sum = bnm_collect_differences_below(&list);
    add_listed(&list, sum, rows, outputs, acc);
  }
  bnm_negate(acc, outputs);
}

#endif
