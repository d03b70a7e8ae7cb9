/* The elements of a window that may reach into the padding. Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_hot.h"

BNM_COLD void bnm_gather_padded(const bnm_conv2d *conv, const int8_t *x, int top, int left, int8_t *patch) {
  const int8_t *plane = x;
  const int width = conv->width, height = conv->height;
  for (unsigned planes = conv->group_inputs; planes != 0; planes--, plane += height * width) {
    for (int row = top; row != top + conv->kernel_height; row++) {
      for (int column = left; column != left + conv->kernel_width; column++) {
        *patch++ = row >= 0 && row < height && column >= 0 && column < width ? plane[row * width + column] : 0;
      }
    }
  }
}
