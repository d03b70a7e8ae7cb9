/*
 * ReLU and dynamic normalization, for cores with the DSP extension. Interface: bnm.h; meaning: ../src/bnm_shift_norm_relu.c, which it replaces.
 * The positive values together have the bit length of their maximum. None is above 128 when it is shifted, which USAT makes 127. Four values in a
 * turn, whose loads overlap.
 */
#include "bnm.h"
#include "bnm_dsp.h"

#if defined(BNM_DSP)

static inline uint32_t positive(int32_t value) { return (uint32_t)bnm_usat31(value); }

static inline int8_t normalized(int32_t value, uint32_t half, unsigned shift) {
  return (int8_t)bnm_usat7((int32_t)((positive(value) + half) >> shift));
}

BNM_HOT(bnm_shift_norm_relu)
void bnm_shift_norm_relu(const int32_t *acc, uint16_t n, int8_t *y) {
  const int32_t *const end = acc + n;
  uint32_t bits = 0;
  const int32_t *a = acc;
  for (; end - a >= 4; a += 4) {
    const int32_t first = a[0], second = a[1], third = a[2], fourth = a[3];
    bits |= positive(first);
    bits |= positive(second);
    bits |= positive(third);
    bits |= positive(fourth);
  }
  for (; a != end; a++) bits |= positive(*a);
  bits >>= 7;
  unsigned shift = 0;
  uint32_t half = 0;
  if (bits != 0) {
    shift = 32u - (unsigned)__builtin_clz(bits);
    half = 1u << (shift - 1u);
  }
  for (a = acc; end - a >= 4; a += 4, y += 4) {
    const int32_t first = a[0], second = a[1], third = a[2], fourth = a[3];
    y[0] = normalized(first, half, shift);
    y[1] = normalized(second, half, shift);
    y[2] = normalized(third, half, shift);
    y[3] = normalized(fourth, half, shift);
  }
  for (; a != end; a++) *y++ = normalized(*a, half, shift);
}

#endif
