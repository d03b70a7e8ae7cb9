/* From the ends of the lists to what the block kernels need. Interface: bnm_bit_planes.h. */
#include "bnm_bit_planes.h"
#include "bnm_hot.h"

BNM_WARM(bnm_enter_bit_planes)
int32_t bnm_enter_bit_planes(struct bnm_bit_planes *planes) {
  int32_t sum = 0;
  struct bnm_bit_plane *plane = planes->plane;
  for (unsigned p = BNM_PLANES; p != 0; p--, plane++) {
    const unsigned count = (unsigned)((const uint16_t *)plane->entry - plane->offset);
    plane->count = (uint16_t)count;
    if (sum == 0) planes->first = plane;
    sum = 2 * sum + (int32_t)count;
  }
  return sum;
}
