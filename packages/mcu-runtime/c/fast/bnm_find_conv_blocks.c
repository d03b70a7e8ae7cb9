/* Which blocks of a sample hold nothing but the mode value. Interface: bnm_conv_chain.h. */
#include "bnm_conv_chain.h"
#include "bnm_hot.h"

#define CELLS (BNM_CHAIN_X / 2)

/*
 * Lists side * side places, active ones and the first other one from the front; returns the end of these. In `cells` a bit a cell becomes one
 * a place: a place covers 2x2 cells.
 */
BNM_COLD static const struct bnm_conv_place *list(uint8_t *cells, unsigned side, unsigned row_step, unsigned column_step,
                                                  unsigned to_row_step, unsigned to_column_step, struct bnm_conv_place *place,
                                                  uint8_t *first) {
  struct bnm_conv_place *constant = place + side * side;
  int is_first = 1;
  unsigned from_row = 0, to_row = 0;
  const uint8_t *const end = cells + side;
  do {
    unsigned bits = cells[0] | (unsigned)cells[1];
    bits |= bits >> 1;
    *cells++ = (uint8_t)(bits & ((1u << side) - 1u));
    unsigned from = from_row, to = to_row, columns = side;
    do {
      struct bnm_conv_place *free = place;
      if ((bits & 1u) == 0 && is_first == 0) {
        free = --constant;
      } else {
        if ((bits & 1u) == 0) *first = (uint8_t)to, is_first = 0;
        place++;
      }
      free->from = (uint8_t)from;
      free->to = (uint8_t)to;
      bits >>= 1;
      from += column_step;
      to += to_column_step;
    } while (--columns != 0);
    from_row += row_step;
    to_row += to_row_step;
  } while (cells != end);
  return place;
}

BNM_COLD void bnm_find_conv_blocks(const int8_t *x, struct bnm_conv_blocks *blocks) {
  const int mode = x[0];
  int min = mode, max = mode;
  /* Cells of 2x2 elements, a row of them in a byte. */
  uint8_t cells[CELLS];
  for (unsigned row = 0; row < CELLS; row++) {
    unsigned bits = 0;
    for (unsigned i = 0; i < 2 * BNM_CHAIN_X; i++) {
      const int value = *x++;
      if (value == mode) continue;
      if (value < min) min = value;
      if (value > max) max = value;
      bits |= 1u << (i % BNM_CHAIN_X / 2);
    }
    cells[row] = (uint8_t)bits;
  }
  blocks->min = (int8_t)min;
  blocks->max = (int8_t)max;
  blocks->computed_blocks = list(cells, BNM_CHAIN_MAP / 2, 2 * BNM_CHAIN_X, 2, BNM_CHAIN_MAP, 1, blocks->block,
                                 &blocks->constant_block);
  if (blocks->window == 0) return;
  blocks->computed_windows = list(cells, BNM_CHAIN_POOLED, BNM_CHAIN_MAP, 1, 4 * BNM_CHAIN_POOLED, 4, blocks->window,
                                  &blocks->constant_window);
}
