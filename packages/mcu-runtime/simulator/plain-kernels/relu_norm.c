#include "plain.h"

int relu_norm(const int32_t *acc, int8_t *y, int n) {
  int32_t max = 0;
  int best = 0;
  for (int i = 0; i < n; i++) {
    if (acc[i] > max) {
      max = acc[i];
      best = i;
    }
  }
  int shift = 0;
  for (int32_t rest = max >> 7; rest > 0; rest >>= 1) shift++;
  const int32_t rounding = (1 << shift) >> 1;
  for (int i = 0; i < n; i++) {
    if (acc[i] < 0) {
      y[i] = 0;
    } else {
      const int32_t value = (acc[i] + rounding) >> shift;
      y[i] = value > 127 ? 127 : value;
    }
  }
  return best;
}
