/* Raw values of type float to int8. Interface: bnm_raw.h. */
#include "bnm_raw_to_int8.h"

typedef char float_has_32_bits[sizeof(float) == 4 ? 1 : -1];

/* Rounded half to even and clamped to int32; 0 of what is no number. By the bits of IEEE 754, without its arithmetic. */
static int32_t round_to_int32(float value) {
  const union {
    float value;
    uint32_t bits;
  } both = {value};
  const uint32_t bits = both.bits;
  const uint32_t fraction = bits & 0x7fffffu;
  /* |value| = magnitude * 2^(exponent - 150) */
  const unsigned exponent = (bits >> 23) & 0xffu;
  uint32_t magnitude = fraction | 0x800000u;
  if (exponent >= 158) { /* 2^31 and more, infinite, no number */
    if (exponent == 255 && fraction != 0) return 0;
    return (bits >> 31) != 0 ? INT32_MIN : INT32_MAX;
  }
  if (exponent < 126) return 0; /* below 1/2 */
  if (exponent >= 150) {
    magnitude <<= exponent - 150;
  } else {
    const unsigned below = 150 - exponent; /* bits of the fraction, 1 … 24 */
    const uint32_t half = (uint32_t)1 << (below - 1);
    const uint32_t rest = magnitude & (2 * half - 1);
    magnitude >>= below;
    if (rest > half || (rest == half && (magnitude & 1u) != 0)) magnitude++;
  }
  return (bits >> 31) != 0 ? -(int32_t)magnitude : (int32_t)magnitude;
}

void bnm_quantize_raw_f32(const float *values, uint16_t features, uint16_t run, const bnm_raw_feature *table,
                          const uint8_t *decimals, int8_t *input) {
  for (; features != 0; features--) {
    const bnm_raw_feature feature = bnm_read_raw_feature(table++);
    /* Exact up to 10^10. */
    float scale = 1;
    for (uint8_t i = bnm_read_u8(decimals++); i != 0; i--) scale *= 10;
    for (uint16_t i = run; i != 0; i--) *input++ = bnm_raw_to_int8(&feature, round_to_int32(*values++ * scale));
  }
}
