/* An exponential mean of decisions. Interface: bnm_stream.h. */
#include "bnm_stream.h"

uint16_t bnm_mean_vote(int16_t *scores, uint16_t classes, uint8_t shift, uint16_t decision) {
  uint16_t best = 0;
  for (uint16_t i = 0; i < classes; i++) {
    const int16_t difference = (int16_t)((i == decision ? 32767 : 0) - scores[i]);
    scores[i] = (int16_t)(scores[i] + (difference >> shift));
    if (scores[i] > scores[best]) best = i;
  }
  return best;
}
