/* Maxima of the first map of a chain. Interface: bnm_fast.h. */
#include "bnm_conv_chain.h"
#include "bnm_hot.h"

BNM_WARM(bnm_pool_map)
void bnm_pool_map(const int16_t *map, unsigned step, int32_t *pooled) {
  const unsigned row = BNM_CHAIN_MAP * step;
  for (unsigned rows = BNM_CHAIN_MAP / 2u; rows != 0; rows--, map += row) {
    for (const int16_t *const end = map + row; map != end; map += 2u * step) {
      int32_t maximum = map[0];
      if (map[step] > maximum) maximum = map[step];
      if (map[row] > maximum) maximum = map[row];
      if (map[row + step] > maximum) maximum = map[row + step];
      *pooled++ = maximum;
    }
  }
}
