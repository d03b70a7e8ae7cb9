/*
 * Codes of 3 bits in words of their own: three words hold four blocks of 8 outputs.
 *
 * The word of a block has its codes at bits 0, 3, 6, 9 (outputs 0 ... 3) and 16, 19, 22, 25 (outputs 4 ... 7), so that each half keeps
 * a nibble of its own free. The free nibbles of three blocks are the word of a fourth one, the highest first: bits 8 ... 11 of its
 * halves in the first block's word, 4 ... 7 in the second's, 0 ... 3 in the third's. Of whole blocks each fourth has no word
 * but this; one that covers outputs again has its own, and so have those behind the last four.
 */
#ifndef BNM_THREE_BITS_H
#define BNM_THREE_BITS_H

#define BNM_FREE_NIBBLES 0xF000F000u
/* Blocks that share words. */
#define BNM_SHARING_BLOCKS 4u

#ifndef __ASSEMBLER__

#include <stdint.h>

/* The fourth block's word of an input: `words` is its word in the first block, `stride` bytes lie between blocks. */
static inline uint32_t bnm_fourth_word(const uint8_t *words, unsigned stride) {
  const uint32_t first = *(const uint32_t *)(const void *)words;
  const uint32_t second = *(const uint32_t *)(const void *)(words + stride);
  const uint32_t third = *(const uint32_t *)(const void *)(words + 2u * stride);
  return (((third & BNM_FREE_NIBBLES) >> 4 | (second & BNM_FREE_NIBBLES)) >> 4 | (first & BNM_FREE_NIBBLES)) >> 4;
}

#endif

#endif
