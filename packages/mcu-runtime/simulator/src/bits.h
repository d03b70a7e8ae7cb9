/* What Zba, Zbb and Zbs compute (RISC-V bit manipulation extensions 1.0.0, chapter 2). */
#ifndef BNM_SIM_BITS_H
#define BNM_SIM_BITS_H

#include "instructions.h"

#include <stdint.h>

static inline uint32_t rotate_right(uint32_t a, uint32_t by) { return by == 0 ? a : a >> by | a << (32u - by); }

/* 0xFF in every byte that is not 0. */
static inline uint32_t or_combine(uint32_t a) {
  uint32_t result = 0;
  for (unsigned shift = 0; shift != 32; shift += 8) {
    if (a >> shift & 0xFFu) result |= 0xFFu << shift;
  }
  return result;
}

static uint32_t bits(uint32_t kind, uint32_t a, uint32_t b) {
  const uint32_t by = b & 31u;
  switch ((enum bits)kind) {
    case BITS_SH1ADD: return (a << 1) + b;
    case BITS_SH2ADD: return (a << 2) + b;
    case BITS_SH3ADD: return (a << 3) + b;
    case BITS_ANDN: return a & ~b;
    case BITS_ORN: return a | ~b;
    case BITS_XNOR: return ~(a ^ b);
    case BITS_MIN: return (int32_t)a < (int32_t)b ? a : b;
    case BITS_MINU: return a < b ? a : b;
    case BITS_MAX: return (int32_t)a > (int32_t)b ? a : b;
    case BITS_MAXU: return a > b ? a : b;
    case BITS_ROL: return rotate_right(a, (32u - by) & 31u);
    case BITS_ROR: return rotate_right(a, by);
    case BITS_CLEAR: return a & ~(1u << by);
    case BITS_EXTRACT: return a >> by & 1u;
    case BITS_INVERT: return a ^ 1u << by;
    case BITS_SET: return a | 1u << by;
    case BITS_CLZ: return a == 0 ? 32u : (uint32_t)__builtin_clz(a);
    case BITS_CTZ: return a == 0 ? 32u : (uint32_t)__builtin_ctz(a);
    case BITS_CPOP: return (uint32_t)__builtin_popcount(a);
    case BITS_SEXT_B: return (uint32_t)(int32_t)(int8_t)a;
    case BITS_SEXT_H: return (uint32_t)(int32_t)(int16_t)a;
    case BITS_ZEXT_H: return a & 0xFFFFu;
    case BITS_ORC_B: return or_combine(a);
    default: return __builtin_bswap32(a); /* BITS_REV8: the decoder lets no other through */
  }
}

#endif
