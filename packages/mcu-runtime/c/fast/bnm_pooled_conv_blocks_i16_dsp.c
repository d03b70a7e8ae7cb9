/* The second convolution of the chain for the DSP extension, over a map of one channel. Interface: bnm_conv_chain_mul.h. */
#include "bnm_conv_chain_mul.h"
#include "bnm_dsp.h"
#include "bnm_pooled_conv.h"

#if defined(BNM_DSP)

/* A row of the kernel: weights 0 and 1, and 1 and 2, over elements 0 and 1, and 2 and 3. */
#define LEFT(ROW) bnm_smlabt(right, last##ROW, bnm_smuad(left, first##ROW))
#define RIGHT(ROW) bnm_smlatb(left, first##ROW, bnm_smuad(right, last##ROW))
#define ADD_LEFT(ROW, SUM) bnm_smlabt(right, last##ROW, bnm_smlad(left, first##ROW, SUM))
#define ADD_RIGHT(ROW, SUM) bnm_smlatb(left, first##ROW, bnm_smlad(right, last##ROW, SUM))
#define TAPS(ROW)                                                                                                      \
  const uint32_t first##ROW = bnm_lower_halves((uint32_t)weights[3 * (ROW)], (uint32_t)weights[3 * (ROW) + 1]),         \
                 last##ROW = bnm_lower_halves((uint32_t)weights[3 * (ROW) + 1], (uint32_t)weights[3 * (ROW) + 2])

BNM_HOT(bnm_pooled_conv_blocks_i16)
void bnm_pooled_conv_blocks_i16(const int8_t *weights, const void *map, const struct bnm_conv_place *places,
                                const struct bnm_conv_place *end, unsigned shift, int32_t *out) {
  TAPS(0);
  TAPS(1);
  TAPS(2);
  for (; places != end; places++) {
    const bnm_pair_word *row = (const bnm_pair_word *)map + places->from;
    uint32_t left = row[0], right = row[1];
    int32_t a = LEFT(0), b = RIGHT(0);
    row += BNM_CHAIN_MAP / 2;
    left = row[0], right = row[1];
    a = ADD_LEFT(1, a);
    b = ADD_RIGHT(1, b);
    int32_t c = LEFT(0), d = RIGHT(0);
    row += BNM_CHAIN_MAP / 2;
    left = row[0], right = row[1];
    a = ADD_LEFT(2, a);
    b = ADD_RIGHT(2, b);
    c = ADD_LEFT(1, c);
    d = ADD_RIGHT(1, d);
    row += BNM_CHAIN_MAP / 2;
    left = row[0], right = row[1];
    c = ADD_LEFT(2, c);
    d = ADD_RIGHT(2, d);
    out[places->to / 4] = bnm_dsp_relu_then_shift(bnm_max(bnm_max(a, b), bnm_max(c, d)), shift);
  }
}

#endif
