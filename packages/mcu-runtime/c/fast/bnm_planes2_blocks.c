/* Blocks of 16 outputs with 2-bit codes from the bit planes. Interface: bnm_bit_planes.h. */
#include "bnm_bit_planes.h"
#include "bnm_hot.h"

#define SUMS 8u
/* 5 * 3 = 15: items that fit in lanes of 4 bits. */
#define GROUP 5u

/* Outputs of the low halves of the sums; those of the high halves are 8 more. */
static const uint8_t output[SUMS] = {0, 4, 2, 6, 1, 5, 3, 7};

static void add_plane(const struct bnm_bit_plane *plane, const uint8_t *words, uint32_t *sums) {
  const uint32_t pairs = 0x33333333u, nibbles = 0x0F0F0F0Fu, bytes = 0x00FF00FFu;
  uint32_t lanes0 = 0, lanes2 = 0, lanes1 = 0, lanes3 = 0; /* 8-bit lanes: outputs 4j, 4j + 2, 4j + 1, 4j + 3 */
  const uint16_t *offset = plane->offset;
  for (unsigned left = plane->count; left != 0;) {
    uint32_t even = 0, odd = 0; /* 4-bit lanes */
    unsigned group = left < GROUP ? left : GROUP;
    left -= group;
    do {
      const uint32_t word = *(const uint32_t *)(const void *)(words + *offset++);
      even += word & pairs;
      odd += word >> 2 & pairs;
    } while (--group != 0);
    lanes0 += even & nibbles;
    lanes2 += even >> 4 & nibbles;
    lanes1 += odd & nibbles;
    lanes3 += odd >> 4 & nibbles;
  }
  sums[0] = 2u * sums[0] + (lanes0 & bytes);
  sums[1] = 2u * sums[1] + (lanes0 >> 8 & bytes);
  sums[2] = 2u * sums[2] + (lanes2 & bytes);
  sums[3] = 2u * sums[3] + (lanes2 >> 8 & bytes);
  sums[4] = 2u * sums[4] + (lanes1 & bytes);
  sums[5] = 2u * sums[5] + (lanes1 >> 8 & bytes);
  sums[6] = 2u * sums[6] + (lanes3 & bytes);
  sums[7] = 2u * sums[7] + (lanes3 >> 8 & bytes);
}

BNM_WARM(bnm_planes2_blocks)
const uint8_t *bnm_planes2_blocks(const struct bnm_bit_planes *planes, const uint8_t *words, int32_t *acc, unsigned blocks) {
  const struct bnm_bit_plane *const end = planes->plane + BNM_PLANES;
  const unsigned shift = planes->shift;
  const int32_t offset = planes->offset;
  for (; blocks != 0; blocks--, words += 4 * (planes->x_end - planes->x), acc += 16) {
    uint32_t sums[SUMS] = {0, 0, 0, 0, 0, 0, 0, 0}; /* 16-bit lanes */
    for (const struct bnm_bit_plane *plane = planes->first; plane != end; plane++) add_plane(plane, words, sums);
    for (unsigned k = 0; k < SUMS; k++) {
      int32_t *to = acc + output[k];
      to[0] += (int32_t)((sums[k] & 0xFFFFu) << shift) + offset;
      to[8] += (int32_t)(sums[k] >> 16 << shift) + offset;
    }
  }
  return words;
}
