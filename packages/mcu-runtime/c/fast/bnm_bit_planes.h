/*
 * Activations by their bits. A difference d = x - background with 0 < d < 256 is a sum of powers of two, so
 *   sum of c[i] * d[i]  =  sum over bits b of 2^b * (sum of c[i] over the inputs whose d has bit b).
 * The inner sums need no multiplication, and of 4-bit codes c four can be added at once, in bytes of a word.
 *
 * A plane lists the inputs with one bit. Up to 17 of them keep both sums within their lanes: 17 * 15 = 255 in a byte, and
 * 255 * (1 + 2 + ... + 128) = 65 025 in 16 bits when the planes are put together by Horner's rule. On the CH32V003 with its 2 kB
 * of RAM lists of 13 save 64 bytes for 5 % more cycles. Odd, so that planes stay aligned.
 */
#ifndef BNM_BIT_PLANES_H
#define BNM_BIT_PLANES_H

/* Offsets and sizes for the assembly kernels; checked in bnm_collect_bit_planes.c. */
#define BNM_PLANES 8
#if defined(__riscv_32e) && !defined(__riscv_mul)
#define BNM_PLANE_CAPACITY 13
#else
#define BNM_PLANE_CAPACITY 17
#endif
#define BNM_PLANE_OFFSETS 4
#define BNM_PLANE_COUNT (BNM_PLANE_OFFSETS + 2 * BNM_PLANE_CAPACITY)
#define BNM_PLANE_BYTES (BNM_PLANE_COUNT + 2)
#define BNM_PLANES_END (BNM_PLANES * BNM_PLANE_BYTES)
#define BNM_PLANES_FIRST (BNM_PLANES_END + 4)
#define BNM_PLANES_SHIFT (BNM_PLANES_END + 8)
#define BNM_PLANES_OFFSET (BNM_PLANES_END + 12)
#define BNM_PLANES_NEXT (BNM_PLANES_END + 16)
#define BNM_PLANES_X_END (BNM_PLANES_END + 20)
#define BNM_PLANES_X (BNM_PLANES_END + 24)
#define BNM_PLANES_BACKGROUND (BNM_PLANES_END + 28)
#define BNM_PLANES_BELOW (BNM_PLANES_END + 32)
#define BNM_PLANES_SIGN (BNM_PLANES_END + 36)

#ifndef __ASSEMBLER__

#include <stdint.h>

struct bnm_bit_plane {
  uintptr_t entry;                     /* address of the list's end; later the block kernel's own */
  uint16_t offset[BNM_PLANE_CAPACITY]; /* 4 * input: the byte offset of the input's word in a block of weights */
  uint16_t count;                      /* set by bnm_enter_bit_planes() */
};

struct bnm_bit_planes {
  struct bnm_bit_plane plane[BNM_PLANES]; /* most significant bit first */
  uintptr_t end;                          /* an entry, too */
  const struct bnm_bit_plane *first;      /* the first plane with any items */
  /* What happens to a sum of codes: acc += (sum << shift) + offset. */
  uint32_t shift;
  int32_t offset;
  /* Where to go on, and with what. */
  const int8_t *next, *x_end, *x;
  int32_t background;
  int32_t below; /* set to nonzero where an input was passed over because its difference has the other sign */
  int32_t sign;  /* 0: inputs above the background are listed; -1: those below it, with the differences' opposites */
};

/* Lists inputs from planes->next on, until a plane is full or the inputs are at their end. */
void bnm_collect_bit_planes(struct bnm_bit_planes *planes);

/* Prepares the planes for the block kernels, `first` included; returns the sum of the listed differences. */
int32_t bnm_enter_bit_planes(struct bnm_bit_planes *planes);

/*
 * acc[o] += (sum of c[o][i] * d[i]) << shift + offset over the listed inputs, for blocks of 8 and 32 outputs with codes c of
 * 4 and 1 bit.
 * planes  at least one input listed
 * words   for each block a word for each input
 * blocks  at least 1
 * Returns the words behind these blocks.
 */
typedef const uint8_t *bnm_planes_blocks(const struct bnm_bit_planes *planes, const uint8_t *words, int32_t *acc, unsigned blocks);
bnm_planes_blocks bnm_planes4_blocks;
bnm_planes_blocks bnm_planes1_blocks;

#endif

#endif
