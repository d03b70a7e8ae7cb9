/* The block whose 3-bit codes are in three others' words, in portable C: the meaning of bnm_mul3_fourth_rv32e.S and _thumb.S. */
#include "bnm_hot.h"
#include "bnm_mul_block.h"

#if !(defined(BNM_RV32E) && defined(__riscv_mul)) && !defined(BNM_THUMB)

void bnm_mul3_fourth(const struct bnm_difference_list *list, const uint8_t *words, int32_t *acc) {
  bnm_add_mul_block(list, BNM_MUL_FOURTH, words, acc);
}

#endif
