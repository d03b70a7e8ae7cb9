/*
 * Activations by their hexadecimal digits (nibbles). A difference d = x - mode with 0 < d < 256 is 16 * high + low, so
 *   sum of c[i] * d[i]  =  16 * (sum of c[i] * high[i]) + (sum of c[i] * low[i]).
 * The inputs are sorted by each nibble, the largest first. Walking such a list, `run` sums up the codes of all inputs so far,
 * and whenever the nibble becomes one less, `total` takes in `run`: then an input of nibble v has been added v times. So an input
 * costs at most two additions for each weight whatever its value is, and a zero nibble none (the "bucket method" that Pippenger,
 * "On the evaluation of powers and related problems", 1976, has for powers).
 *
 * A list is a stream of bytes: a header, then up to 8 inputs of one nibble, a header, ... An input is 1 + its number from the first input
 * listed on, so that up to BNM_NIBBLES_INPUTS of 255 inputs are in a list.
 *   header n + 1        n inputs of the next smaller nibble, 0 ... 8
 *   header -(n + 1)     n more of the same nibble
 *   BNM_NIBBLES_SHIFT    the high nibbles end: total *= 16, run = 0, go on with the low nibbles
 *   BNM_NIBBLES_SPILL    the high nibbles end: 16 * total is added to acc, go on with the low nibbles from 0
 *   BNM_NIBBLES_FINISH   the list ends
 * Nibbles above the largest are left out.
 */
#ifndef BNM_NIBBLE_LISTS_H
#define BNM_NIBBLE_LISTS_H

/* 64 take 256 inputs in four lists. 54 take them in five, as 61 would, and 44 bytes less of stack, where parts have 2 kB of RAM. */
#if defined(__riscv) && !defined(__riscv_mul)
#define BNM_NIBBLES_INPUTS 54
#else
#define BNM_NIBBLES_INPUTS 64
#endif
#define BNM_NIBBLES_SPAN 255
#define BNM_NIBBLES_GROUP 8
#define BNM_NIBBLES_SHIFT (BNM_NIBBLES_GROUP + 2)
#define BNM_NIBBLES_FINISH (BNM_NIBBLES_GROUP + 3)
#define BNM_NIBBLES_SPILL (BNM_NIBBLES_GROUP + 4)
/* 15 * 4 369 = 65 535: up to this sum of differences both nibbles together fit the halves of a word. */
#define BNM_NIBBLES_SUM_LIMIT 4369
/* Every input, a header for each nibble and each further group, and the end. */
#define BNM_NIBBLES_STREAM (BNM_NIBBLES_INPUTS + 15 + BNM_NIBBLES_INPUTS / BNM_NIBBLES_GROUP + 1)

/* Offsets for the assembly kernels; checked in bnm_collect_nibbles.c. */
#define BNM_NIBBLES_SHIFT_BY 0
#define BNM_NIBBLES_OFFSET 4
#define BNM_NIBBLES_WINDOW 8
#define BNM_NIBBLES_NEXT 12
#define BNM_NIBBLES_X_END 16
#define BNM_NIBBLES_X 20
#define BNM_NIBBLES_MODE 24
#define BNM_NIBBLES_BELOW 28
#define BNM_NIBBLES_SIGN 32
#define BNM_NIBBLES_SUM 36
#define BNM_NIBBLES_SPAN_OF 40
#define BNM_NIBBLES_LOW 44
#define BNM_NIBBLES_HEAD_LOW (BNM_NIBBLES_LOW + BNM_NIBBLES_STREAM)
#define BNM_NIBBLES_NEXT_LOW (BNM_NIBBLES_HEAD_LOW + 16)
#define BNM_NIBBLES_NUMBER (BNM_NIBBLES_NEXT_LOW + BNM_NIBBLES_INPUTS)
#define BNM_NIBBLES_HIGH (BNM_NIBBLES_NUMBER + BNM_NIBBLES_INPUTS)
#define BNM_NIBBLES_HEAD_HIGH BNM_NIBBLES_LOW
#define BNM_NIBBLES_NEXT_HIGH (BNM_NIBBLES_HEAD_HIGH + 16)

#ifndef __ASSEMBLER__

#include <stdint.h>

#include "bnm_output_blocks.h"

/* Listed inputs by one nibble, linked: the first of each nibble, and what follows an input; 1 is the first that is listed, 0 the end. */
struct bnm_nibble_chains {
  uint8_t head[16];
  uint8_t next[BNM_NIBBLES_INPUTS];
};

struct bnm_nibble_lists {
  struct bnm_sum_scale scale;
  const int8_t *window; /* the first input listed */
  /* Where to go on, and with what. */
  const int8_t *next, *x_end, *x;
  int32_t mode;
  int32_t below; /* set to nonzero where an input was passed over because its difference has the other sign */
  int32_t sign;  /* 0: inputs above the mode value are listed; -1: those below it, with the differences' opposites */
  int32_t sum;   /* of the listed differences */
  uint32_t span; /* over how many inputs a list may reach: 1 ... BNM_NIBBLES_SPAN */
  /* The chains of the high nibbles have become a stream before the low one is written over them. */
  union {
    uint8_t low[BNM_NIBBLES_STREAM];
    struct bnm_nibble_chains high_chains;
  } u;
  struct bnm_nibble_chains low_chains;
  uint8_t number[BNM_NIBBLES_INPUTS]; /* of a listed input, as streams have it */
  uint8_t high[BNM_NIBBLES_STREAM];
};

/* Lists inputs from lists->next on: up to BNM_NIBBLES_INPUTS of the `span` inputs from the first one on that differs from the mode value. */
void bnm_collect_nibbles(struct bnm_nibble_lists *lists);

/*
 * acc[o] += (sum of c[o][i] * d[i]) << shift + offset over the listed inputs, for 8 * blocks outputs, with codes c of 4 or 3 bits.
 * listed  a struct bnm_nibble_lists with at least one input listed
 * words   as bnm_output_blocks.h says, from that of input `window` on
 */
bnm_add_blocks bnm_nibbles4_blocks;
bnm_add_blocks bnm_nibbles3_blocks;
/* The same where every block has words of its own. */
const uint8_t *bnm_nibbles3_words(const struct bnm_nibble_lists *lists, const uint8_t *words, int32_t *acc, unsigned blocks);

#endif

#endif
