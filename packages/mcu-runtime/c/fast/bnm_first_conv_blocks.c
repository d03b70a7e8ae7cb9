/* The first convolution of the chain for parts with a multiplier. Interface: bnm_conv_chain_mul.h. */
#include "bnm_conv_chain_mul.h"
#include "bnm_hot.h"

#if !(defined(BNM_RV32E) && defined(__riscv_mul)) && !defined(BNM_THUMB) && !defined(BNM_DSP)

/* Sums over two halves may pass 2^31: unsigned, as the halves are read modulo 2^32. */
static uint32_t product(int32_t weight, int8_t value) { return (uint32_t)weight * (uint32_t)value; }

static void store(const struct bnm_first_conv *conv, uint32_t sum, int16_t *map) {
  if (conv->mask == 0) {
    map[0] = (int16_t)bnm_relu_then_shift((int32_t)sum, conv->shift);
    return;
  }
  const uint32_t sums = (((sum + conv->offset) >> conv->shift) & conv->mask) + conv->base;
  const uint32_t signs = sums & 0x80008000u;
  const uint32_t results = sums & (signs - (signs >> 15));
  map[0] = (int16_t)(results & 0xFFFFu);
  map[1] = (int16_t)(results >> 16);
}

BNM_HOT(bnm_first_conv_blocks)
void bnm_first_conv_blocks(const struct bnm_first_conv *conv) {
  for (const struct bnm_conv_place *place = conv->block; place != conv->end; place++) {
    const int8_t *row = conv->x + place->from;
    int16_t *map = conv->map + 4u * place->to;
    const int32_t *weight = conv->weight;
    uint32_t a = 0, b = 0, c = 0, d = 0;
    for (unsigned r = 0; r < 3; r++, weight += 3, row += BNM_CHAIN_X) {
      const int8_t *below = row + BNM_CHAIN_X;
      a += product(weight[0], row[0]) + product(weight[1], row[1]) + product(weight[2], row[2]);
      b += product(weight[0], row[1]) + product(weight[1], row[2]) + product(weight[2], row[3]);
      c += product(weight[0], below[0]) + product(weight[1], below[1]) + product(weight[2], below[2]);
      d += product(weight[0], below[1]) + product(weight[1], below[2]) + product(weight[2], below[3]);
    }
    store(conv, a, map);
    store(conv, b, map + 2);
    store(conv, c, map + 2 * BNM_CHAIN_MAP);
    store(conv, d, map + 2 * BNM_CHAIN_MAP + 2);
  }
}

#endif
