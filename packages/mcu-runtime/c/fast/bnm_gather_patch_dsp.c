/* The elements of a window inside of the planes, for cores with the DSP extension, whose loads in a row overlap. Interface: bnm_fast.h. */
#include "bnm_dsp.h"
#include "bnm_fast.h"

#if defined(BNM_DSP)

/* Three elements of a row. */
static inline __attribute__((always_inline)) void copy_three(const int8_t *from, int8_t *to) {
  const int8_t first = from[0], second = from[1], third = from[2];
  to[0] = first;
  to[1] = second;
  to[2] = third;
}

BNM_HOT(bnm_gather_patch)
void bnm_gather_patch(const bnm_conv2d *conv, const int8_t *x, int top, int left, int8_t *patch) {
  const unsigned width = conv->width, kernel_width = conv->kernel_width, kernel_height = conv->kernel_height;
  const int8_t *corner = x + top * (int)width + left;
  if (kernel_width == 3u && kernel_height == 3u) {
    const unsigned plane = width * conv->height;
    for (unsigned planes = conv->group_inputs; planes != 0; planes--, corner += plane, patch += 9) {
      copy_three(corner, patch);
      copy_three(corner + width, patch + 3);
      copy_three(corner + 2u * width, patch + 6);
    }
    return;
  }
  const unsigned next_row = width - kernel_width, next_plane = width * (conv->height - kernel_height);
  for (unsigned planes = conv->group_inputs; planes != 0; planes--, corner += next_plane) {
    for (unsigned rows = kernel_height; rows != 0; rows--, corner += next_row) {
      for (const int8_t *const end = patch + kernel_width; patch != end; patch++) *patch = *corner++;
    }
  }
}

#endif
