/* A function of one number by its table. Interface: bnm.h. */
#include "bnm.h"

void bnm_lookup(const int8_t *x, uint16_t n, const int8_t *table, int8_t *y) {
  for (unsigned i = 0; i < n; i++) y[i] = (int8_t)bnm_read_u8(table + (x[i] + 128));
}
