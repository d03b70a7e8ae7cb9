/* The groups with the largest scores. Interface: bnm.h. */
#include "bnm.h"

/* How many groups come before one: those with a larger score, and of equal ones those with a lower number. */
static uint16_t groups_before(const int32_t *scores, uint16_t groups, uint16_t group) {
  uint16_t before = 0;
  for (uint16_t other = 0; other < groups; other++) {
    if (scores[other] > scores[group] || (scores[other] == scores[group] && other < group)) before++;
  }
  return before;
}

void bnm_choose_groups(const int32_t *scores, uint16_t groups, uint16_t keep, uint16_t size, int8_t *chosen) {
  for (uint16_t group = 0; group < groups; group++) {
    const int8_t is_chosen = groups_before(scores, groups, group) < keep;
    for (uint16_t channel = 0; channel < size; channel++) *chosen++ = is_chosen;
  }
}
