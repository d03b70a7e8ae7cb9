/*
 * Inputs that differ from the mode value, with their differences: for parts with a multiplier. One multiplication gives two
 * products, c[o] * d and c[o + 4] * d (of 2-bit codes c[o + 8] * d), in the 16-bit halves of a word. With codes up to 15 the halves hold
 *   15 * (sum of d) <= 65 535, that is, a sum of up to 4 369: then the list is at its end.
 */
#ifndef BNM_DIFFERENCE_LIST_H
#define BNM_DIFFERENCE_LIST_H

/* Offsets and sizes for the assembly kernels; checked in bnm_collect_differences.c. */
#define BNM_LIST_CAPACITY 64
#define BNM_LIST_SUM_LIMIT (4369 - 255)
#define BNM_LIST_LAST 256
#define BNM_LIST_SHIFT 260
#define BNM_LIST_OFFSET 264
#define BNM_LIST_NEXT 268
#define BNM_LIST_X_END 272
#define BNM_LIST_X 276
#define BNM_LIST_MODE 280
#define BNM_LIST_BELOW 284

#ifndef __ASSEMBLER__

#include <stdint.h>

#include "bnm_output_blocks.h"

struct bnm_difference {
  uint16_t offset; /* 4 * input: the byte offset of the input's word in a block of weights */
  uint16_t value;  /* 1 ... 255 */
};

struct bnm_difference_list {
  struct bnm_difference item[BNM_LIST_CAPACITY];
  const struct bnm_difference *last; /* the end of the items */
  struct bnm_sum_scale scale;
  /* Where to go on, and with what. */
  const int8_t *next, *x_end, *x;
  int32_t mode;
  int32_t below; /* set to nonzero where an input below the mode value was passed over */
};

/* Lists the inputs from list->next on that lie above the mode value, as long as their sum fits; returns the sum. */
int32_t bnm_collect_differences(struct bnm_difference_list *list);
/* The same for inputs below the mode value, with the differences' opposites. */
int32_t bnm_collect_differences_below(struct bnm_difference_list *list);

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
