/*
 * Outputs from a list of differences where AND takes a shifted operand and MLA one cycle, as on Cortex-M3 and up: two instructions for two
 * products. Meaning: bnm_add_mul_block (bnm_mul_block.h).
 */
#ifndef BNM_MUL_LANES_DSP_H
#define BNM_MUL_LANES_DSP_H

#include "bnm_difference_list.h"
#include "bnm_dsp.h"

#if defined(BNM_DSP)

/* Keeps a constant in a register: in an instruction it would take the place of the shift. */
static inline uint32_t bnm_in_register(uint32_t value) {
#if defined(__ARM_FEATURE_DSP)
  __asm__("" : "+r"(value));
#endif
  return value;
}

/* The lanes of an element that a word has for all outputs of a block. */
static inline uint32_t bnm_lanes_of(unsigned bits) { return bnm_in_register(((1u << bits) - 1u) * 0x10001u); }

/* Sums of products in 16-bit lanes: outputs k and k + half a block. */
struct bnm_lane_sums {
  uint32_t sum0, sum1, sum2, sum3;
};

/* The loads that follow stay behind these sums: words of two items at once leave too few registers. */
static inline __attribute__((always_inline)) void bnm_sum_first(struct bnm_lane_sums *sums) {
#if defined(__ARM_FEATURE_DSP)
  __asm__ volatile("" : "+r"(sums->sum0), "+r"(sums->sum1), "+r"(sums->sum2), "+r"(sums->sum3) : : "memory");
#else
  (void)sums;
#endif
}

/* first, bits  of a word: where output 0 has its code, and how many bits each has; constants */
static inline __attribute__((always_inline)) void bnm_add_lanes(struct bnm_lane_sums *sums, uint32_t word, uint32_t value, uint32_t lanes,
                                                                unsigned first, unsigned bits) {
  sums->sum0 += (lanes & word >> first) * value;
  sums->sum1 += (lanes & word >> (first + bits)) * value;
  sums->sum2 += (lanes & word >> (first + 2u * bits)) * value;
  sums->sum3 += (lanes & word >> (first + 3u * bits)) * value;
}

static inline __attribute__((always_inline)) uint32_t bnm_word_of(const struct bnm_difference *item, const uint8_t *words) {
  return *(const uint32_t *)(const void *)(words + item->offset);
}

/* acc[0] += lower half, acc[half] += upper half, both scaled. */
static inline __attribute__((always_inline)) void bnm_unpack_lane(uint32_t sum, uint32_t factor, int32_t offset, int32_t *acc,
                                                                  unsigned half) {
  acc[0] += offset + (int32_t)((sum & 0xFFFFu) * factor);
  acc[half] += offset + (int32_t)((sum >> 16) * factor);
}

/* Outputs 0 ... 3 and HALF ... HALF + 3. */
static inline __attribute__((always_inline)) void bnm_unpack_lanes(const struct bnm_lane_sums *sums, struct bnm_sum_scale scale,
                                                                   int32_t *acc, unsigned half) {
  const uint32_t factor = bnm_in_register(1u << scale.shift);
  bnm_unpack_lane(sums->sum0, factor, scale.offset, acc, half);
  bnm_unpack_lane(sums->sum1, factor, scale.offset, acc + 1, half);
  bnm_unpack_lane(sums->sum2, factor, scale.offset, acc + 2, half);
  bnm_unpack_lane(sums->sum3, factor, scale.offset, acc + 3, half);
}

#endif

#endif
