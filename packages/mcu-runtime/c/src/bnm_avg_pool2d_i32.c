/* Average pooling of one int32 plane. Interface: bnm.h. */
#include "bnm.h"
#include "bnm_mean.h"

void bnm_avg_pool2d_i32(const int32_t *x, uint16_t width, uint16_t out_height, uint16_t out_width, uint8_t size,
                        uint8_t stride, int32_t *y) {
  const bnm_mean mean = bnm_mean_of(size);
  for (unsigned r = 0; r < out_height; r++) {
    for (unsigned c = 0; c < out_width; c++) {
      const int32_t *corner = &x[r * stride * width + c * stride];
      int32_t sum = 0;
      for (unsigned row = 0; row < size; row++) {
        for (unsigned column = 0; column < size; column++) sum += corner[row * width + column];
      }
      *y++ = (int32_t)((sum * mean.factor + mean.half) >> mean.shift);
    }
  }
}
