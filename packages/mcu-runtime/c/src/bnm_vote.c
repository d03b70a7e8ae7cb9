/* The majority of the last decisions. Interface: bnm_stream.h. */
#include "bnm_stream.h"

uint16_t bnm_vote(uint16_t *votes, uint8_t n, uint16_t decision) {
  for (uint8_t i = (uint8_t)(n - 1); i != 0; i--) votes[i] = votes[i - 1];
  votes[0] = (uint16_t)(decision + 1);
  uint16_t best = votes[0];
  uint8_t most = 0;
  for (uint8_t i = 0; i < n && votes[i] != 0; i++) {
    uint8_t count = 0;
    for (uint8_t k = 0; k < n; k++) count = (uint8_t)(count + (votes[k] == votes[i]));
    if (count <= most) continue;
    most = count;
    best = votes[i];
  }
  return (uint16_t)(best - 1);
}
