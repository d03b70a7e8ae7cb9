/* From the ends of the lists to what the block kernels need. Interface: bnm_bit_planes.h. */
#include "bnm_bit_planes.h"
#include "bnm_hot.h"

#if defined(BNM_RV32E)
/* The chain of items in bnm_planes4_blocks_rv32e.S: entered before its end by 20 bytes for each item. */
extern const uint8_t bnm_planes4_items_end[], bnm_planes4_finish[];
#define ENTRY(COUNT) ((uintptr_t)bnm_planes4_items_end - 16u * (COUNT) - 4u * (COUNT))
#define FINISH ((uintptr_t)bnm_planes4_finish)
#else
#define ENTRY(COUNT) 0
#define FINISH 0
#endif

BNM_WARM(bnm_enter_bit_planes) int32_t bnm_enter_bit_planes(struct bnm_bit_planes *planes) {
  int32_t sum = 0;
  struct bnm_bit_plane *plane = planes->plane;
  for (unsigned p = BNM_PLANES; p != 0; p--, plane++) {
    const unsigned count = (unsigned)((const uint16_t *)plane->entry - plane->offset);
    plane->count = (uint16_t)count;
    plane->entry = ENTRY(count);
    if (sum == 0) planes->first = plane;
    sum = 2 * sum + (int32_t)count;
  }
  planes->end = FINISH;
  return sum;
}
