/*
 * Weights of a convolution by signed digits: each integer weight is a sum of powers of two with the signs of its non-adjacent form
 * (never two digits beside each other but 0), so that
 *   sum of w[i] * x[i]  =  sum over positions b of 2^b * (sum of x[i] over digits 1  -  sum of x[i] over digits -1).
 * A row of weights becomes lists of the elements with a digit, once for all outputs of its channel: their products cost one
 * load and one addition a digit, zeros nothing. Ternary weights are one digit, odd weights of 4 bits about 2.5 digits.
 * Without a multiplier codes of Ternary weights may be read anew for each four outputs: that takes no scratch, and of few outputs less time than
 * the list of a channel.
 */
#ifndef BNM_SIGNED_DIGITS_H
#define BNM_SIGNED_DIGITS_H

/* Offsets for bnm_add_trits in assembly; checked in bnm_add_trits.c. */
#define BNM_ROW_CODES 24
#define BNM_ROW_PLANES_LEFT 28
#define BNM_ROW_ROWS_LEFT 32
#define BNM_ROW_PLANE_WIDTH 36
#define BNM_ROW_NEXT_PLANE 40
#define BNM_ROW_PLANES 44
#define BNM_ROW_COLUMNS 48
#define BNM_ROW_ROWS 52

#ifndef __ASSEMBLER__

#include <stdint.h>

#include "bnm_fast.h"

/* A row of weights on its way to lists, part by part. */
struct bnm_weight_row {
  /* The elements with a digit at one position, as offsets from the element under the first weight: where to write them, and
   * what was written. */
  uint16_t *list;
  const uint16_t *ones_end;         /* digits 1 are those from `list` on */
  const uint16_t *minus_ones, *end; /* digits -1 */
  int16_t *weights;                 /* the part's weights, as far as there are more digits to list */
  const bnm_conv2d *conv;
  const uint8_t *codes; /* of the row; of Ternary the next ones */
  unsigned done;        /* weights of the parts before; of bnm_add_trits planes that are left */
  unsigned count;       /* of this part, at most BNM_CONV_WEIGHTS; of bnm_add_trits rows of the kernel that are left in a plane */
  unsigned plane_width; /* padding included */
  unsigned next_plane;  /* from below the last kernel row in one plane to the first one in the next */
  /* Where the part begins: the element under the weight, and how many columns and rows of the kernel are left with it.
   * Of bnm_add_trits planes, and columns and rows of the whole kernel. */
  unsigned offset, columns, rows;
};

/* What the outputs of a channel share. */
struct bnm_channel_outputs {
  const int8_t *x; /* under the first weight of the first output */
  unsigned outputs, width;
  unsigned step; /* from one output's element to that of the next */
  int next_row;  /* besides, at the end of a row of them; negative where the steps of a row are longer than the rows between */
  int32_t *sums;
};

/* sums += 2^position * (elements with digits 1 - those with digits -1) */
void bnm_add_elements(const struct bnm_weight_row *row, const struct bnm_channel_outputs *to, unsigned position);

/*
 * Two pairs of outputs side by side by all Ternary weights of their channel, without a list.
 * row         codes, plane_width, next_plane, offset, columns, rows; changes done and count
 * x           under the first weight of the first output
 * second      from there to the same of the second pair
 * sums        of the first pair, second_sums of the second: what was there before is lost
 */
void bnm_add_trits(struct bnm_weight_row *row, const int8_t *x, int second, int32_t *sums, int32_t *second_sums);

#endif

#endif
