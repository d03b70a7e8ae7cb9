/* Average pooling of one int8 plane. Interface: bnm.h. */
#include "bnm.h"
#include "bnm_mean.h"
#include "bnm_span.h"

void bnm_avg_pool2d_i8(const bnm_pool2d *pool, const int8_t *x, int8_t *y) {
  bnm_mean mean = bnm_mean_of((unsigned)pool->window_height * pool->window_width);
  int top = -(int)pool->padding_y;
  for (unsigned r = 0; r < pool->out_height; r++, top += pool->stride_y) {
    const bnm_span rows = bnm_span_of(top, pool->window_height, pool->height);
    const int8_t *const first = &x[rows.from * pool->width];
    int left = -(int)pool->padding_x;
    for (unsigned c = 0; c < pool->out_width; c++, left += pool->stride_x) {
      const bnm_span columns = bnm_span_of(left, pool->window_width, pool->width);
      const int8_t *line = first;
      int32_t sum = 0;
      for (unsigned row = rows.from; row < rows.to; row++, line += pool->width) {
        for (unsigned column = columns.from; column < columns.to; column++) sum += line[column];
      }
      if (!pool->count_padding) bnm_mean_update(&mean, (rows.to - rows.from) * (columns.to - columns.from));
      *y++ = (int8_t)((sum * mean.factor + mean.half) >> mean.shift);
    }
  }
}
