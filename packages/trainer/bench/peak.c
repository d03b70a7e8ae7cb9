// The multiply-add peak of one core with the engine's own vectors: independent chains of fma_ in registers, nothing else. Prints 10^9
// operations a second (a multiply-add is two), the best of `ROUNDS`.
#define _GNU_SOURCE
#include <stdio.h>
#include <time.h>
#include "../native/vector.h"

enum { CHAINS = 12, STEPS = 4 * 1000 * 1000, ROUNDS = 12 };

static double seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

int main(void) {
  double best = 1e9;
  volatile float sink = 0;
  for (int round = 0; round < ROUNDS; round++) {
    vf sums[CHAINS], factor = splat(0.999f), term = splat(1e-3f);
    UNROLL for (int i = 0; i < CHAINS; i++) sums[i] = splat((float)i);
    const double start = seconds();
    for (int step = 0; step < STEPS; step++) {
      UNROLL for (int i = 0; i < CHAINS; i++) sums[i] = fma_(sums[i], factor, term);
    }
    const double spent = seconds() - start;
    for (int i = 0; i < CHAINS; i++) sink += sums[i][0];
    if (spent < best) best = spent;
  }
  printf("%.3f\n", 2.0 * LANES * CHAINS * (double)STEPS / best * 1e-9);
  return 0;
}
