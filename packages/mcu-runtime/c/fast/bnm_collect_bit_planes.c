/* From activations to lists of inputs by bit. Interface: bnm_bit_planes.h. */
#include <stddef.h>

#include "bnm_bit_planes.h"
#include "bnm_hot.h"

#define ASSERT_EQUAL(NAME, A, B) typedef char bnm_assert_##NAME[(A) == (B) ? 1 : -1]
#if defined(BNM_RV32E)
ASSERT_EQUAL(plane_bytes, sizeof(struct bnm_bit_plane), BNM_PLANE_BYTES);
ASSERT_EQUAL(plane_offsets, offsetof(struct bnm_bit_plane, offset), BNM_PLANE_OFFSETS);
ASSERT_EQUAL(first, offsetof(struct bnm_bit_planes, first), BNM_PLANES_FIRST);
ASSERT_EQUAL(shift, offsetof(struct bnm_bit_planes, shift), BNM_PLANES_SHIFT);
ASSERT_EQUAL(offset, offsetof(struct bnm_bit_planes, offset), BNM_PLANES_OFFSET);
ASSERT_EQUAL(next, offsetof(struct bnm_bit_planes, next), BNM_PLANES_NEXT);
ASSERT_EQUAL(x_end, offsetof(struct bnm_bit_planes, x_end), BNM_PLANES_X_END);
ASSERT_EQUAL(x, offsetof(struct bnm_bit_planes, x), BNM_PLANES_X);
ASSERT_EQUAL(background, offsetof(struct bnm_bit_planes, background), BNM_PLANES_BACKGROUND);
ASSERT_EQUAL(below, offsetof(struct bnm_bit_planes, below), BNM_PLANES_BELOW);
ASSERT_EQUAL(sign, offsetof(struct bnm_bit_planes, sign), BNM_PLANES_SIGN);
ASSERT_EQUAL(end, offsetof(struct bnm_bit_planes, end), BNM_PLANES_END);
ASSERT_EQUAL(count, offsetof(struct bnm_bit_plane, count), BNM_PLANE_COUNT);
#else

void bnm_collect_bit_planes(struct bnm_bit_planes *planes) {
  const int background = (int)planes->background;
  const int8_t *next = planes->next;
  unsigned full = 0;
  for (unsigned p = 0; p < BNM_PLANES; p++) planes->plane[p].entry = (uintptr_t)planes->plane[p].offset;
  while (next < planes->x_end && !full) {
    int difference = *next++ - background;
    if (planes->sign < 0) difference = -difference;
    if (difference < 0) planes->below = 1;
    if (difference <= 0) continue;
    const uint16_t offset = (uint16_t)(4 * (next - 1 - planes->x));
    struct bnm_bit_plane *plane = &planes->plane[BNM_PLANES - 1];
    for (unsigned rest = (unsigned)difference; rest != 0; rest >>= 1, plane--) {
      if ((rest & 1u) == 0) continue;
      uint16_t *end = (uint16_t *)plane->entry;
      *end++ = offset;
      plane->entry = (uintptr_t)end;
      if (end == plane->offset + BNM_PLANE_CAPACITY) full = 1;
    }
  }
  planes->next = next;
}

#endif
