/*
 * Inputs that differ from the mode value, with their differences: for parts with a multiplier. One multiplication gives two
 * products, c[o] * d and c[o + 4] * d (of 2-bit codes c[o + 8] * d), in the 16-bit halves of a word. With codes up to 15 the halves hold
 *   15 * (sum of d) <= 65 535, that is, a sum of up to 4 369: then the list is at its end.
 */
#ifndef BNM_DIFFERENCE_LIST_H
#define BNM_DIFFERENCE_LIST_H

/* Offsets and sizes for the assembly kernels; checked in bnm_collect_differences.c. */
#define BNM_LIST_CAPACITY 64
/* At most 4 369 - 255; this one is a constant of a single short instruction. */
#define BNM_LIST_SUM_LIMIT 4096
#define BNM_LIST_LAST 0
#define BNM_LIST_SHIFT 4
#define BNM_LIST_OFFSET 8
#define BNM_LIST_NEXT 12
#define BNM_LIST_X_END 16
#define BNM_LIST_X 20
#define BNM_LIST_MODE 24
#define BNM_LIST_BELOW 28
#define BNM_LIST_SIGN 32
#define BNM_LIST_ITEMS 36

#ifndef __ASSEMBLER__

#include <stdint.h>

#include "bnm_output_blocks.h"

struct bnm_difference {
  uint16_t offset; /* 4 * input: the byte offset of the input's word in a block of weights */
  uint16_t value;  /* 1 ... 255 */
};

struct bnm_difference_list {
  const struct bnm_difference *last; /* the end of the items */
  struct bnm_sum_scale scale;
  /* Where to go on, and with what. */
  const int8_t *next, *x_end, *x;
  int32_t mode;
  int32_t below; /* set to nonzero where an input was passed over because its difference has the other sign */
  int32_t sign;  /* 0: inputs above the mode value are listed; -1: those below it, with the differences' opposites */
  struct bnm_difference item[BNM_LIST_CAPACITY];
};

/* Lists the inputs from list->next on, as long as the sum of the differences fits; returns the sum. */
int32_t bnm_collect_differences(struct bnm_difference_list *list);

/*
 * acc[o] += (sum of c[o][i] * d[i]) << shift + offset over the list, for blocks of 8, 8 and 16 outputs with codes c of 4, 3 and 2
 * bits.
 * listed  a struct bnm_difference_list with at least one item
 */
bnm_add_blocks bnm_mul4_blocks;
bnm_add_blocks bnm_mul3_blocks;
bnm_add_blocks bnm_mul2_blocks;
/* Of 3-bit codes, blocks with words of their own, and one block whose words are in those of three others: see bnm_three_bits.h. */
const uint8_t *bnm_mul3_words(const struct bnm_difference_list *list, const uint8_t *words, int32_t *acc, unsigned blocks);
void bnm_mul3_fourth(const struct bnm_difference_list *list, const uint8_t *words, int32_t *acc);

#endif

#endif
