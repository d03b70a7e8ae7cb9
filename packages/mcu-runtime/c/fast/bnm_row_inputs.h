/* Inputs that differ from the mode value, a few at a time, each with its row of codes. */
#ifndef BNM_ROW_INPUTS_H
#define BNM_ROW_INPUTS_H

#include <stdint.h>

/* Where to go on. */
struct bnm_row_inputs {
  const int8_t *next, *end;
  const uint8_t *row; /* of `next` */
  unsigned row_bytes;
  int32_t mode;
};

/*
 * Takes in the next `count` inputs. Where fewer are left, the others have a difference of 0 and any row.
 * from  not at its end
 */
static inline void bnm_take_inputs(struct bnm_row_inputs *from, unsigned count, int16_t *difference, const uint8_t **rows) {
  const int8_t *next = from->next, *const end = from->end;
  const uint8_t *row = from->row;
  const int32_t mode = from->mode;
  const unsigned row_bytes = from->row_bytes;
  unsigned taken = 0;
  do {
    const int32_t value = *next++;
    if (value != mode) {
      difference[taken] = (int16_t)(value - mode);
      rows[taken++] = row;
    }
    row += row_bytes;
  } while (next != end && taken != count);
  for (; taken != count; taken++) {
    difference[taken] = 0;
    rows[taken] = from->row;
  }
  from->next = next;
  from->row = row;
}

#endif
