/*
 * Instructions of the DSP extension of Cortex-M (Armv7E-M, Armv8-M with DSP) for kernels in C: two products of halfwords in a cycle. Meaning:
 * Armv7-M Architecture Reference Manual, A7.7. The portable forms beside them are for tests on a host (BNM_DSP defined by hand).
 *
 * A pair is two int16 in the halves of a word, the lower one first. Sums are those of int32; they wrap around where they leave it, which the
 * bounds that are proven of a model's accumulators exclude.
 */
#ifndef BNM_DSP_H
#define BNM_DSP_H

#include <stdint.h>

#include "bnm_hot.h"

#if defined(BNM_DSP)

/* A word in memory whose halves are elements of their own. */
typedef uint32_t bnm_pair_word __attribute__((may_alias));

#if defined(__ARM_FEATURE_DSP)

/*
 * GCC moves loads ahead of what uses them, and then has too few registers: sums go to memory and back. And it adds products to each other
 * before the sum, which takes an instruction more, and takes a loop that clears sums for a call of memset.
 */
#if !defined(__clang__)
#pragma GCC optimize("no-schedule-insns", "no-tree-reassoc", "no-tree-loop-distribute-patterns")
#endif

/* Of any alignment: LDR, which these cores allow unless UNALIGN_TRP is set; without -munaligned-access four loads of bytes. */
struct bnm_unaligned_word {
  uint32_t word;
} __attribute__((packed, may_alias));

static inline uint32_t bnm_load_word(const void *at) { return ((const struct bnm_unaligned_word *)at)->word; }

#define BNM_DSP_OF_TWO(NAME, INSTRUCTION)                                             \
  static inline __attribute__((always_inline)) uint32_t NAME(uint32_t a, uint32_t b) { \
    uint32_t result;                                                                  \
    __asm__(INSTRUCTION : "=r"(result) : "r"(a), "r"(b));                             \
    return result;                                                                    \
  }
#define BNM_DSP_OF_ONE(NAME, INSTRUCTION)                                 \
  static inline __attribute__((always_inline)) uint32_t NAME(uint32_t a) { \
    uint32_t result;                                                      \
    __asm__(INSTRUCTION : "=r"(result) : "r"(a));                         \
    return result;                                                        \
  }
#define BNM_DSP_PRODUCTS(NAME, INSTRUCTION)                                          \
  static inline __attribute__((always_inline)) int32_t NAME(uint32_t a, uint32_t b) { \
    int32_t result;                                                                  \
    __asm__(INSTRUCTION " %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));              \
    return result;                                                                   \
  }
#define BNM_DSP_SUM(NAME, INSTRUCTION)                                                            \
  static inline __attribute__((always_inline)) int32_t NAME(uint32_t a, uint32_t b, int32_t sum) { \
    int32_t result;                                                                               \
    __asm__(INSTRUCTION " %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(sum));             \
    return result;                                                                                \
  }

/* Bytes 0 and 2 of a word, or 1 and 3, as a pair with their signs. */
BNM_DSP_OF_ONE(bnm_even_bytes, "sxtb16 %0, %1")
BNM_DSP_OF_ONE(bnm_odd_bytes, "sxtb16 %0, %1, ror #8")
/* The lower halves of two words, or their upper halves, as a pair. */
BNM_DSP_OF_TWO(bnm_lower_halves, "pkhbt %0, %1, %2, lsl #16")
BNM_DSP_OF_TWO(bnm_upper_halves, "pkhtb %0, %2, %1, asr #16")
/* Both products of two pairs, and the same with a sum. */
BNM_DSP_PRODUCTS(bnm_smuad, "smuad")
BNM_DSP_SUM(bnm_smlad, "smlad")
/* The upper word of a product of 64 bits, rounded by its lower one. */
static inline __attribute__((always_inline)) int32_t bnm_smmulr(int32_t a, int32_t b) {
  int32_t result;
  __asm__("smmulr %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
}
#define BNM_DSP_LIMIT(NAME, INSTRUCTION)                                           \
  static inline __attribute__((always_inline)) int32_t NAME(int32_t value) {       \
    int32_t result;                                                                \
    __asm__(INSTRUCTION ", %1" : "=r"(result) : "r"(value));                       \
    return result;                                                                 \
  }
/* The nearest int8, of 0 ... 127, and of all that are not negative. */
BNM_DSP_LIMIT(bnm_ssat8, "ssat %0, #8")
BNM_DSP_LIMIT(bnm_usat7, "usat %0, #7")
BNM_DSP_LIMIT(bnm_usat31, "usat %0, #31")
/* sum + the product of one half of each: b the lower, t the upper one. */
BNM_DSP_SUM(bnm_smlabb, "smlabb")
BNM_DSP_SUM(bnm_smlabt, "smlabt")
BNM_DSP_SUM(bnm_smlatb, "smlatb")
BNM_DSP_SUM(bnm_smlatt, "smlatt")

#else

static inline uint32_t bnm_load_word(const void *at) {
  const uint8_t *const byte = at;
  return byte[0] | (uint32_t)byte[1] << 8 | (uint32_t)byte[2] << 16 | (uint32_t)byte[3] << 24;
}

static inline int32_t bnm_lower(uint32_t pair) { return (int16_t)(pair & 0xFFFFu); }
static inline int32_t bnm_upper(uint32_t pair) { return (int16_t)(pair >> 16); }
static inline uint32_t bnm_pair(int32_t lower, int32_t upper) { return ((uint32_t)lower & 0xFFFFu) | (uint32_t)upper << 16; }
static inline uint32_t bnm_even_bytes(uint32_t a) { return bnm_pair((int8_t)(a & 0xFFu), (int8_t)(a >> 16 & 0xFFu)); }
static inline uint32_t bnm_odd_bytes(uint32_t a) { return bnm_even_bytes(a >> 8); }
static inline uint32_t bnm_lower_halves(uint32_t a, uint32_t b) { return bnm_pair(bnm_lower(a), bnm_lower(b)); }
static inline uint32_t bnm_upper_halves(uint32_t a, uint32_t b) { return bnm_pair(bnm_upper(a), bnm_upper(b)); }
static inline int32_t bnm_smlabb(uint32_t a, uint32_t b, int32_t sum) { return sum + bnm_lower(a) * bnm_lower(b); }
static inline int32_t bnm_smlabt(uint32_t a, uint32_t b, int32_t sum) { return sum + bnm_lower(a) * bnm_upper(b); }
static inline int32_t bnm_smlatb(uint32_t a, uint32_t b, int32_t sum) { return sum + bnm_upper(a) * bnm_lower(b); }
static inline int32_t bnm_smlatt(uint32_t a, uint32_t b, int32_t sum) { return sum + bnm_upper(a) * bnm_upper(b); }
static inline int32_t bnm_smlad(uint32_t a, uint32_t b, int32_t sum) { return bnm_smlatt(a, b, bnm_smlabb(a, b, sum)); }
static inline int32_t bnm_smuad(uint32_t a, uint32_t b) { return bnm_smlad(a, b, 0); }
static inline int32_t bnm_smmulr(int32_t a, int32_t b) { return (int32_t)(((int64_t)a * b + 0x80000000) >> 32); }
static inline int32_t bnm_ssat8(int32_t value) { return value < INT8_MIN ? INT8_MIN : value > INT8_MAX ? INT8_MAX : value; }
static inline int32_t bnm_usat7(int32_t value) { return value < 0 ? 0 : value > INT8_MAX ? INT8_MAX : value; }
static inline int32_t bnm_usat31(int32_t value) { return value < 0 ? 0 : value; }

#endif

/* max(value, 0) >> shift, where a branch would cost more than the shift. */
static inline int32_t bnm_dsp_relu_then_shift(int32_t value, unsigned shift) {
  const int32_t positive = value > 0 ? value : 0;
  return positive >> shift;
}

#endif

#endif
