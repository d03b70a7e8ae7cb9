#include "plain.h"

#define CONVOLVE(NAME, TYPE)                                                        \
  KERNEL void NAME(const TYPE *x, int width, const int8_t *kernel, int32_t *y) {    \
    const TYPE *top = x;                                                            \
    for (int row = 0; row < width - 2; row++) {                                     \
      for (int column = 0; column < width - 2; column++) {                          \
        const TYPE *middle = top + width, *bottom = middle + width;                 \
        int32_t sum = top[0] * kernel[0] + top[1] * kernel[1] + top[2] * kernel[2] + \
                      middle[0] * kernel[3] + middle[1] * kernel[4] + middle[2] * kernel[5] + \
                      bottom[0] * kernel[6] + bottom[1] * kernel[7] + bottom[2] * kernel[8]; \
        if (sum < 0) sum = 0;                                                       \
        *y++ = sum >> 4;                                                            \
        top++;                                                                      \
      }                                                                             \
      top += 2;                                                                     \
    }                                                                               \
  }

CONVOLVE(convolve_int8, int8_t)
CONVOLVE(convolve_int32, int32_t)

KERNEL void max_pool(const int32_t *x, int width, int32_t *y) {
  for (int row = 0; row < width; row += 2) {
    for (int column = 0; column < width; column += 2) {
      const int32_t *p = x + row * width + column;
      int32_t max = p[0];
      if (p[1] > max) max = p[1];
      if (p[width] > max) max = p[width];
      if (p[width + 1] > max) max = p[width + 1];
      *y++ = max;
    }
  }
}
