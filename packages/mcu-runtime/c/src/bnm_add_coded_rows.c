/* Interface: bnm_linear_coded.h. */
#include "bnm_linear_coded.h"

static void add_row(const uint32_t *products, const uint8_t *stream, uint32_t *sum, const uint32_t *end) {
  unsigned bits = bnm_read_u8(stream++), left = 8;
  for (; sum != end; sum++) {
    if (left < 8u) {
      bits |= (unsigned)bnm_read_u8(stream++) << left;
      left += 8u;
    }
    const uint32_t product = products[bits & (BNM_CODED_WORDS - 1u)];
    const unsigned length = (unsigned)product & 7u;
    *sum += product;
    bits >>= length;
    left -= length;
  }
}

void bnm_add_coded_rows(const struct bnm_coded_layer *layer) {
  uint32_t products[BNM_CODED_WORDS];
  const uint8_t *lengths = layer->lengths, *stream = layer->stream;
  for (const int8_t *x = layer->x; x != layer->x_end; x++) {
    const int difference = *x - layer->mode;
    if (difference != 0) {
      /* Unsigned: a negative number must not be shifted to the left. */
      layer->fill(products, (uint32_t)difference << BNM_CODED_SUM);
      add_row(products, stream, layer->sums, layer->sums_end);
    }
    stream += bnm_read_u8(lengths++);
  }
}
