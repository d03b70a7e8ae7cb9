/* Blocks of 32 outputs with 1-bit codes from the bit lists. Interface: bnm_bit_lists.h. */
#include "bnm_bit_lists.h"
#include "bnm_hot.h"

#define SUMS 8u
/* 3 * 1 = 3: items that fit in lanes of 2 bits; 5 groups fit in lanes of 4 bits. */
#define GROUP 3u
#define GROUPS 5u
/* 17 * (1 + 2 + 4 + 8) = 255: lists of at most 17 items that fit in lanes of 8 bits. */
#define HALF 4u

static void add_list(const struct bnm_bit_list *list, const uint8_t *words, uint32_t *sums) {
  const uint32_t bits = 0x55555555u, pairs = 0x33333333u, nibbles = 0x0F0F0F0Fu;
  const uint16_t *offset = list->offset;
  for (unsigned k = 0; k < SUMS; k++) sums[k] *= 2u;
  for (unsigned left = list->count; left != 0;) {
    uint32_t lanes[4] = {0, 0, 0, 0}; /* 4-bit lanes: outputs 4j, 4j + 2, 4j + 1, 4j + 3 */
    for (unsigned groups = GROUPS; groups != 0 && left != 0; groups--) {
      uint32_t even = 0, odd = 0; /* 2-bit lanes */
      unsigned group = left < GROUP ? left : GROUP;
      left -= group;
      do {
        const uint32_t word = *(const uint32_t *)(const void *)(words + *offset++);
        even += word & bits;
        odd += word >> 1 & bits;
      } while (--group != 0);
      lanes[0] += even & pairs;
      lanes[1] += even >> 2 & pairs;
      lanes[2] += odd & pairs;
      lanes[3] += odd >> 2 & pairs;
    }
    for (unsigned k = 0; k < 4u; k++) {
      sums[2u * k] += lanes[k] & nibbles;
      sums[2u * k + 1u] += lanes[k] >> 4 & nibbles;
    }
  }
}

/* Outputs of the lowest lanes of the sums; the others are 8, 16 and 24 more. */
static const uint8_t output[SUMS] = {0, 4, 2, 6, 1, 5, 3, 7};

static void unpack(const uint32_t *sums, unsigned shift, int32_t offset, int32_t *acc) {
  for (unsigned k = 0; k < SUMS; k++) {
    int32_t *to = acc + output[k];
    uint32_t lanes = sums[k];
    for (unsigned lane = 0; lane < 4u; lane++, to += 8, lanes >>= 8) *to += (int32_t)((lanes & 0xFFu) << shift) + offset;
  }
}

BNM_WARM(bnm_bits1_blocks)
const uint8_t *bnm_bits1_blocks(const void *listed, const uint8_t *words, int32_t *acc, unsigned blocks) {
  const struct bnm_bit_lists *const lists = listed;
  const struct bnm_bit_list *const middle = lists->list + HALF, *const end = middle + HALF;
  for (; blocks != 0; blocks--, words += 4 * (lists->x_end - lists->x), acc += 32) {
    uint32_t sums[SUMS] = {0, 0, 0, 0, 0, 0, 0, 0}; /* 8-bit lanes */
    const struct bnm_bit_list *list = lists->first;
    if (list < middle) {
      for (; list != middle; list++) add_list(list, words, sums);
      unpack(sums, lists->scale.shift + HALF, 0, acc);
      for (unsigned k = 0; k < SUMS; k++) sums[k] = 0;
    }
    for (; list != end; list++) add_list(list, words, sums);
    unpack(sums, lists->scale.shift, lists->scale.offset, acc);
  }
  return words;
}
