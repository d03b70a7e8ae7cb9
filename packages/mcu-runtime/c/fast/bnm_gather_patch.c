/* The elements of a window inside of the planes. Interface: bnm_fast.h. */
#include "bnm_fast.h"
#include "bnm_hot.h"

#if !defined(BNM_THUMB) && !defined(BNM_DSP)

BNM_HOT(bnm_gather_patch)
void bnm_gather_patch(const bnm_conv2d *conv, const int8_t *x, int top, int left, int8_t *patch) {
  const unsigned width = conv->width, kernel_width = conv->kernel_width, kernel_height = conv->kernel_height;
  const int8_t *corner = x + top * (int)width + left;
  const unsigned next_row = width - kernel_width, next_plane = width * (conv->height - kernel_height);
  for (unsigned planes = conv->group_inputs; planes != 0; planes--, corner += next_plane) {
    for (unsigned rows = kernel_height; rows != 0; rows--, corner += next_row) {
      unsigned columns = kernel_width;
      for (; columns >= 3u; columns -= 3u, corner += 3, patch += 3) {
        patch[0] = corner[0];
        patch[1] = corner[1];
        patch[2] = corner[2];
      }
      for (; columns != 0; columns--) *patch++ = *corner++;
    }
  }
}

#endif
