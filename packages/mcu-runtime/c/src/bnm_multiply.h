/* BNM_MULTIPLY(x, weight): the product of an input and an integer weight in the plain kernels of linear layers. */
#ifndef BNM_MULTIPLY_H
#define BNM_MULTIPLY_H

#include <stdint.h>

#if defined(__riscv) && !defined(__riscv_mul)

/* By shifts and additions in place, as many as the weight has bits: a call of the general multiplication takes up to 160 cycles. */
static inline int32_t bnm_multiply(int x, int weight) {
  if (x == 0) return 0;
  int sum = 0;
  for (unsigned rest = (unsigned)(weight < 0 ? -weight : weight); rest != 0; rest >>= 1, x *= 2) {
    if ((rest & 1u) != 0) sum += x;
  }
  return weight < 0 ? -sum : sum;
}
#define BNM_MULTIPLY(x, weight) bnm_multiply(x, weight)

#else
#define BNM_MULTIPLY(x, weight) ((x) * (weight))
#endif

#endif
