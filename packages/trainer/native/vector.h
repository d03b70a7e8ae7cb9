// One vector type for every instruction set: GCC/clang vector extensions, and the few operations that they lack.
// Results must not depend on the instruction set. So contraction is off in the whole build, a multiply-add happens only where fma_ is
// written, and sums over lanes are those of 16 lanes: a kernel that sums keeps PARTS vectors where the hardware's have fewer.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__AVX512F__)
#include <immintrin.h>
#define LANES 16
#elif defined(__AVX2__)
#include <immintrin.h>
#define LANES 8
#elif defined(__SSE2__)
#include <emmintrin.h>
#define LANES 4
#elif defined(__aarch64__)
#include <arm_neon.h>
#define LANES 4
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#define LANES 4
#else
#error "no vector instruction set that the engine knows"
#endif

/** Vectors that make 16 lanes: lane i of 16 is lane i % LANES of vector i / LANES. */
#define PARTS (16 / LANES)

/** What fma_ means: rounded once (`fused`), or after the multiplication too (`separate`: WebAssembly has nothing else). */
#if (defined(__FMA__) || defined(__aarch64__)) && !defined(ENGINE_SEPARATE)
#define FUSED 1
#define ARITHMETIC "fused"
#else
#define FUSED 0
#define ARITHMETIC "separate"
#endif

typedef float vf __attribute__((vector_size(4 * LANES)));
typedef int32_t vi __attribute__((vector_size(4 * LANES)));
typedef uint32_t vu __attribute__((vector_size(4 * LANES)));
typedef float vf_unaligned __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline))
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif

INLINE vf load(const float *p) { return *(const vf_unaligned *)p; }
INLINE void store(float *p, vf v) { *(vf_unaligned *)p = v; }
INLINE vf splat(float x) { return x - (vf){0}; }

INLINE vf fma_(vf a, vf b, vf c) {
#if !FUSED
  return a * b + c;
#elif defined(__AVX512F__)
  return (vf)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined(__AVX2__)
  return (vf)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#else
  return (vf)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#endif
}

/** a > b ? a : b, also of zeros and of what is no number (as x86 has it; NEON's own instruction decides otherwise). */
INLINE vf max_(vf a, vf b) {
#if defined(__AVX512F__)
  return (vf)_mm512_max_ps((__m512)a, (__m512)b);
#elif defined(__AVX2__)
  return (vf)_mm256_max_ps((__m256)a, (__m256)b);
#elif defined(__SSE2__)
  return (vf)_mm_max_ps((__m128)a, (__m128)b);
#elif defined(__aarch64__)
  return (vf)vbslq_f32(vcgtq_f32((float32x4_t)a, (float32x4_t)b), (float32x4_t)a, (float32x4_t)b);
#else
  return (vf)wasm_f32x4_pmax((v128_t)b, (v128_t)a);
#endif
}

/** a < b ? a : b */
INLINE vf min_(vf a, vf b) {
#if defined(__AVX512F__)
  return (vf)_mm512_min_ps((__m512)a, (__m512)b);
#elif defined(__AVX2__)
  return (vf)_mm256_min_ps((__m256)a, (__m256)b);
#elif defined(__SSE2__)
  return (vf)_mm_min_ps((__m128)a, (__m128)b);
#elif defined(__aarch64__)
  return (vf)vbslq_f32(vcltq_f32((float32x4_t)a, (float32x4_t)b), (float32x4_t)a, (float32x4_t)b);
#else
  return (vf)wasm_f32x4_pmin((v128_t)b, (v128_t)a);
#endif
}

INLINE vf sqrt_(vf a) {
#if defined(__AVX512F__)
  return (vf)_mm512_sqrt_ps((__m512)a);
#elif defined(__AVX2__)
  return (vf)_mm256_sqrt_ps((__m256)a);
#elif defined(__SSE2__)
  return (vf)_mm_sqrt_ps((__m128)a);
#elif defined(__aarch64__)
  return (vf)vsqrtq_f32((float32x4_t)a);
#else
  return (vf)wasm_f32x4_sqrt((v128_t)a);
#endif
}

INLINE vf abs_(vf a) { return (vf)((vi)a & 0x7fffffff); }
/** b where mask is all ones, else 0. */
INLINE vf keep_(vi mask, vf b) { return (vf)(mask & (vi)b); }
INLINE vf select_(vi mask, vf a, vf b) { return (vf)((mask & (vi)a) | (~mask & (vi)b)); }

/** Half to even, for |a| < 2^22: the sum has no room for a fraction. */
INLINE vf round_(vf a) { return (a + 12582912.0f) - 12582912.0f; }
INLINE float round_scalar(float a) {
  volatile float shifted = a + 12582912.0f;
  return shifted - 12582912.0f;
}

/** Four lanes: what every instruction set has, for sums over lanes and transposing. */
typedef float v4 __attribute__((vector_size(16)));
typedef int32_t i4 __attribute__((vector_size(16)));
typedef float v4_unaligned __attribute__((vector_size(16), aligned(4), may_alias));
#ifdef __clang__
#define SHUFFLE(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, k, l)
#else
#define SHUFFLE(a, b, i, j, k, l) __builtin_shuffle(a, b, (i4){i, j, k, l})
#endif

INLINE v4 max4_(v4 a, v4 b) {
  i4 greater = (i4)(a > b);
  return (v4)((greater & (i4)a) | (~greater & (i4)b));
}

/** Halves 16 lanes down to four by `combine8`/`combine4`, then to one: always in this order. */
#if LANES == 16
#define FOLD(v, combine8, combine4)                                                                                    \
  __m256 half = combine8(_mm512_castps512_ps256((__m512)v[0]), _mm512_extractf32x8_ps((__m512)v[0], 1));               \
  v4 quarter = combine4((v4)_mm256_castps256_ps128(half), (v4)_mm256_extractf128_ps(half, 1));
#elif LANES == 8
#define FOLD(v, combine8, combine4)                                                                                    \
  __m256 half = combine8((__m256)v[0], (__m256)v[1]);                                                                  \
  v4 quarter = combine4((v4)_mm256_castps256_ps128(half), (v4)_mm256_extractf128_ps(half, 1));
#else
#define FOLD(v, combine8, combine4) v4 quarter = combine4(combine4((v4)v[0], (v4)v[2]), combine4((v4)v[1], (v4)v[3]));
#endif
#define ADD4(a, b) ((a) + (b))

/** The sum of 16 lanes. */
INLINE float sum_(const vf v[PARTS]) {
  FOLD(v, _mm256_add_ps, ADD4)
  quarter += SHUFFLE(quarter, quarter, 2, 3, 0, 1);
  quarter += SHUFFLE(quarter, quarter, 1, 0, 3, 2);
  return quarter[0];
}

/** The largest of 16 lanes. */
INLINE float maximum_(const vf v[PARTS]) {
  FOLD(v, _mm256_max_ps, max4_)
  quarter = max4_(quarter, SHUFFLE(quarter, quarter, 2, 3, 0, 1));
  quarter = max4_(quarter, SHUFFLE(quarter, quarter, 1, 0, 3, 2));
  return quarter[0];
}

/** For sums over rows whose length is a multiple of 16: `i` counts floats, `part` says which of the PARTS vectors gets them. */
#define EACH_PART(i, length)                                                                                           \
  for (int32_t i##_ = 0; i##_ < (length); i##_ += 16)                                                                  \
  UNROLL for (int32_t part = 0, i = i##_; part < PARTS; part++, i += LANES)

/** LANES bytes as floats. */
INLINE vf load_bytes(const uint8_t *p) {
#if defined(__AVX512F__)
  return (vf)_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)p)));
#elif defined(__AVX2__)
  return (vf)_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)p)));
#elif defined(__wasm_simd128__)
  v128_t words = wasm_u16x8_extend_low_u8x16(wasm_v128_load32_zero(p));
  return (vf)wasm_f32x4_convert_u32x4(wasm_u32x4_extend_low_u16x8(words));
#else
  typedef uint8_t b4 __attribute__((vector_size(4)));
  b4 bytes;
  memcpy(&bytes, p, sizeof bytes);
  return __builtin_convertvector(__builtin_convertvector(bytes, vi), vf);
#endif
}

/** e^x by Cody–Waite reduction and a polynomial of degree 6 (Cephes' expf); relative error below 2e-7, x clipped to ±87. */
INLINE vf exp_(vf x) {
  x = max_(min_(x, splat(87.0f)), splat(-87.0f));
  vf n = round_(x * 1.44269504088896341f);
  x = x - n * 0.693359375f;
  x = x - n * -2.12194440e-4f;
  vf p = fma_(splat(1.9875691500e-4f), x, splat(1.3981999507e-3f));
  p = fma_(p, x, splat(8.3334519073e-3f));
  p = fma_(p, x, splat(4.1665795894e-2f));
  p = fma_(p, x, splat(1.6666665459e-1f));
  p = fma_(p, x, splat(5.0000001201e-1f));
  p = fma_(p, x * x, x + 1.0f);
  vi exponent = (__builtin_convertvector(n, vi) + 127) << 23;
  return p * (vf)exponent;
}

/** 1 / (1 + e^−x); relative error below 4e-7 where x > −87. */
INLINE vf sigmoid_(vf x) { return 1.0f / (1.0f + exp_(-x)); }

/** ln x for x > 0, normal (Cephes' logf). */
INLINE float log_scalar(float x) {
  union { float f; int32_t i; } bits = {x};
  int exponent = ((bits.i >> 23) & 255) - 126;
  bits.i = (bits.i & 0x007fffff) | 0x3f000000;
  float m = bits.f;
  if (m < 0.707106781186547524f) {
    exponent--;
    m = m + m - 1.0f;
  } else {
    m = m - 1.0f;
  }
  float z = m * m;
  float p = 7.0376836292e-2f;
  static const float coefficients[] = {-1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
                                       -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f};
  for (int i = 0; i < 8; i++) p = p * m + coefficients[i];
  float y = m * z * p;
  y += -2.12194440e-4f * (float)exponent;
  y += -0.5f * z;
  return m + y + 0.693359375f * (float)exponent;
}
