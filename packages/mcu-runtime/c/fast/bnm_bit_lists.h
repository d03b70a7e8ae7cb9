/*
 * Activations by their bits. A difference d = x - mode with 0 < d < 256 is a sum of powers of two, so
 *   sum of c[i] * d[i]  =  sum over bits b of 2^b * (sum of c[i] over the inputs whose d has bit b).
 * The inner sums need no multiplication, and of 4-bit codes c four can be added at once, in bytes of a word.
 *
 * A list lists the inputs with one bit. Up to 17 of them keep both sums within their lanes: 17 * 15 = 255 in a byte, and
 * 255 * (1 + 2 + ... + 128) = 65 025 in 16 bits when the lists are put together by Horner's rule. On the CH32V003 with its 2 kB
 * of RAM lists of 13 save 64 bytes for 5 % more cycles. Odd, so that lists stay aligned.
 */
#ifndef BNM_BIT_LISTS_H
#define BNM_BIT_LISTS_H

/* Offsets and sizes for the assembly kernels; checked in bnm_collect_bits.c. */
#define BNM_BITS 8
#if defined(__riscv_32e) && !defined(__riscv_mul)
#define BNM_BIT_LIST_CAPACITY 13
#else
#define BNM_BIT_LIST_CAPACITY 17
#endif
#define BNM_BIT_LIST_OFFSETS 4
#define BNM_BIT_LIST_COUNT (BNM_BIT_LIST_OFFSETS + 2 * BNM_BIT_LIST_CAPACITY)
#define BNM_BIT_LIST_BYTES (BNM_BIT_LIST_COUNT + 2)
#define BNM_BIT_LISTS_END (BNM_BITS * BNM_BIT_LIST_BYTES)
#define BNM_BIT_LISTS_FIRST (BNM_BIT_LISTS_END + 4)
#define BNM_BIT_LISTS_SHIFT (BNM_BIT_LISTS_END + 8)
#define BNM_BIT_LISTS_OFFSET (BNM_BIT_LISTS_END + 12)
#define BNM_BIT_LISTS_NEXT (BNM_BIT_LISTS_END + 16)
#define BNM_BIT_LISTS_X_END (BNM_BIT_LISTS_END + 20)
#define BNM_BIT_LISTS_X (BNM_BIT_LISTS_END + 24)
#define BNM_BIT_LISTS_MODE (BNM_BIT_LISTS_END + 28)
#define BNM_BIT_LISTS_BELOW (BNM_BIT_LISTS_END + 32)
#define BNM_BIT_LISTS_SIGN (BNM_BIT_LISTS_END + 36)

#ifndef __ASSEMBLER__

#include <stdint.h>

#include "bnm_output_blocks.h"

struct bnm_bit_list {
  uintptr_t entry;                     /* address of the list's end; later the block kernel's own */
  uint16_t offset[BNM_BIT_LIST_CAPACITY]; /* 4 * input: the byte offset of the input's word in a block of weights */
  uint16_t count;                      /* set by bnm_enter_bits() */
};

struct bnm_bit_lists {
  struct bnm_bit_list list[BNM_BITS]; /* most significant bit first */
  uintptr_t end;                          /* an entry, too */
  const struct bnm_bit_list *first;      /* the first list with any items */
  struct bnm_sum_scale scale;
  /* Where to go on, and with what. */
  const int8_t *next, *x_end, *x;
  int32_t mode;
  int32_t below; /* set to nonzero where an input was passed over because its difference has the other sign */
  int32_t sign;  /* 0: inputs above the mode value are listed; -1: those below it, with the differences' opposites */
};

/* Lists inputs from lists->next on, until a list is full or the inputs are at their end. */
void bnm_collect_bits(struct bnm_bit_lists *lists);

/* Prepares the lists for the block kernels, `first` included; returns the sum of the listed differences. */
int32_t bnm_enter_bits(struct bnm_bit_lists *lists);

/*
 * acc[o] += (sum of c[o][i] * d[i]) << shift + offset over the listed inputs, for blocks of 8 and 32 outputs with codes c of
 * 4 and 1 bit.
 * listed  a struct bnm_bit_lists with at least one input listed
 */
bnm_add_blocks bnm_bits4_blocks;
bnm_add_blocks bnm_bits1_blocks;

#endif

#endif
