/*
 * Core cycles by the SysTick of the QingKe cores: 32 bits that count up with the core clock, so up to 89 s at 48 MHz and 29 s at 144 MHz.
 * Source: CH32V003, CH32V00X and CH32FV2x_V3x reference manuals (WCH), chapter STK.
 */
#if defined(BNM_SERIAL) || defined(BNM_CYCLES)
#include "cycles.h"

struct systick {
  volatile uint32_t control, status, count;
};
#define SYSTICK ((struct systick *)0xE000F000u)

#define ENABLE (1u << 0)
#define UNDIVIDED (1u << 2) /* else an eighth of the core clock */

static uint32_t begin;

void cycles_start(void) {
  SYSTICK->control = ENABLE | UNDIVIDED;
  begin = SYSTICK->count;
}

uint32_t cycles_stop(void) {
  return SYSTICK->count - begin;
}
#endif
