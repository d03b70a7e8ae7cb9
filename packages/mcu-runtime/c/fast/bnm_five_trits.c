/* Five ternary outputs from a list of differences, in portable C: the meaning of bnm_five_trits_rv32e.S. Interface: bnm_five_trits.h. */
#include "bnm_five_trits.h"
#include "bnm_hot.h"

#if !(defined(BNM_RV32E) && defined(__riscv_mul))

#define ADD_PREFIX(SUM)  \
  codes += codes << 1;   \
  SUM += (codes >> 8) * value

void bnm_five_trits(const struct bnm_difference *item, const struct bnm_difference *last, const uint8_t *column, uint32_t *prefix) {
  uint32_t a = 0, b = 0, c = 0, d = 0, e = 0;
  do {
    uint32_t codes = column[item->offset];
    const uint32_t value = item->value;
    ADD_PREFIX(a);
    ADD_PREFIX(b);
    ADD_PREFIX(c);
    ADD_PREFIX(d);
    ADD_PREFIX(e);
  } while (++item != last);
  prefix[0] = a;
  prefix[1] = b;
  prefix[2] = c;
  prefix[3] = d;
  prefix[4] = e;
}

#endif
