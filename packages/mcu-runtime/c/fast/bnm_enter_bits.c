/* From the ends of the lists to what the block kernels need. Interface: bnm_bit_lists.h. */
#include "bnm_bit_lists.h"
#include "bnm_hot.h"

BNM_WARM(bnm_enter_bits)
int32_t bnm_enter_bits(struct bnm_bit_lists *lists) {
  int32_t sum = 0;
  struct bnm_bit_list *list = lists->list;
  for (unsigned p = BNM_BITS; p != 0; p--, list++) {
    const unsigned count = (unsigned)((const uint16_t *)list->entry - list->offset);
    list->count = (uint16_t)count;
    if (sum == 0) lists->first = list;
    sum = 2 * sum + (int32_t)count;
  }
  return sum;
}
