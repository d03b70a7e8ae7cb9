/*
 * Core cycles by the SysTick of the Cortex-M: 24 bits that count down, and an interrupt that counts how often they were used up. It takes
 * some 30 cycles of every 16.7 million.
 * Source: Armv6-M Architecture Reference Manual, B3.3 (SysTick).
 */
#if defined(BNM_SERIAL) || defined(BNM_CYCLES)
#include "cycles.h"

struct systick {
  volatile uint32_t control, reload, count;
};
#define SYSTICK ((struct systick *)0xE000E010u)

#define ENABLE (1u << 0)
#define INTERRUPT (1u << 1)
#define CORE_CLOCK (1u << 2)
#define MOST 0xFFFFFFu

static uint32_t begin;
static volatile uint32_t wraps;

/* The vector of SysTick. */
void systick(void) {
  wraps++;
}

void cycles_start(void) {
  wraps = 0;
  SYSTICK->reload = MOST;
  /* Any value makes it 0; the next cycle takes it to the reload value, without an interrupt. */
  SYSTICK->count = 0;
  SYSTICK->control = ENABLE | INTERRUPT | CORE_CLOCK;
  begin = SYSTICK->count;
}

uint32_t cycles_stop(void) {
  uint32_t before, now;
  do {
    before = wraps;
    now = SYSTICK->count;
  } while (before != wraps);
  SYSTICK->control = 0;
  /* `begin` is near the top: each wrap ends a round of 2^24. */
  return (before << 24) + (begin - now);
}
#endif
