/* Integers of packed codes of 8 bits, where time counts: ../src/bnm_unpack_8bit.c, which it replaces, has the meaning. */
#include "bnm.h"
#include "bnm_hot.h"
#include "bnm_memory.h"

#if !defined(BNM_THUMB)

BNM_HOT(bnm_unpack_8bit)
void bnm_unpack_8bit(const uint8_t *weights, uint16_t first, uint16_t count, int16_t *w) {
  const uint8_t *code = weights + first;
  for (const uint8_t *const end = code + count; code != end; code++) *w++ = (int16_t)((int)bnm_read_u8(code) - 128);
}

#endif
