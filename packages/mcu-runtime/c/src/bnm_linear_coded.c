/* Interface: bnm_linear_coded.h. */
#include "bnm_linear_coded.h"

/* factor * value by shifts and additions: parts without a multiplier would take the general multiplication for negative numbers. */
static uint32_t times(int factor, uint32_t value) {
  uint32_t product = 0;
  for (unsigned rest = (unsigned)(factor < 0 ? -factor : factor); rest != 0; rest >>= 2, value <<= 2) {
    if ((rest & 1u) != 0) product += value;
    if ((rest & 2u) != 0) product += value << 1;
  }
  return factor < 0 ? 0u - product : product;
}

/* Two at a time: on small cores a loop takes as long as what is in it. */
static void finish(int32_t *acc, unsigned outputs) {
  int32_t *const end = acc + outputs;
  if ((outputs & 1u) != 0) *acc++ >>= BNM_CODED_SUM;
  for (; acc != end; acc += 2) {
    acc[0] >>= BNM_CODED_SUM;
    acc[1] >>= BNM_CODED_SUM;
  }
}

void bnm_linear_coded(const int8_t *x, unsigned inputs, const uint8_t *weights, unsigned outputs, int32_t *acc,
                      bnm_fill_coded *fill) {
  const unsigned has_row_sums = bnm_read_u8(weights);
  struct bnm_coded_layer layer;
  layer.x = x;
  layer.x_end = x + inputs;
  layer.fill = fill;
  layer.turn = bnm_read_u8(weights + 1);
  layer.mode = has_row_sums != 0 && x[0] == x[inputs - 1u] ? x[0] : 0;
  /* The accumulators themselves: of the same size, and never read as signed ones in between. */
  layer.sums = (uint32_t *)acc;
  layer.sums_end = layer.sums + outputs;
  weights += 4;
  const uint8_t *row_sum = weights;
  for (uint32_t *sum = layer.sums; sum != layer.sums_end; sum++, row_sum += 2) {
    *sum = layer.mode == 0 ? 0 : times(layer.mode, (uint32_t)(int32_t)(int16_t)bnm_read_u16(row_sum) << BNM_CODED_SUM);
  }
  if (has_row_sums != 0) weights += 4u * ((outputs + 1u) / 2u);
  layer.lengths = weights;
  layer.stream = weights + inputs;
  bnm_add_coded_rows(&layer);
  finish(acc, outputs);
}
