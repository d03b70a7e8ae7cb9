/*
 * Core cycles by timer 1, 16 bits, and an interrupt that counts its overflows. What the interrupt takes is known to the cycle, and is
 * subtracted. Up to 2^32 cycles: 268 s at 16 MHz.
 * Source: ATmega328P data sheet (Microchip), chapters 16-bit Timer/Counter1 and Interrupt Response Time; AVR Instruction Set Manual.
 */
#if defined(BNM_SERIAL) || defined(BNM_CYCLES)
#include "cycles.h"

#include <avr/interrupt.h>
#include <avr/io.h>

/* Response 4, jmp of the vector table 3, the instructions below 28. */
#define INTERRUPT_CYCLES 35

static volatile uint16_t overflows;

ISR(TIMER1_OVF_vect, ISR_NAKED) {
  __asm__ volatile(
      "push r24\n"           /* 2 */
      "in r24, __SREG__\n"   /* 1 */
      "push r24\n"           /* 2 */
      "push r25\n"           /* 2 */
      "lds r24, %0\n"        /* 2 */
      "lds r25, %0 + 1\n"    /* 2 */
      "adiw r24, 1\n"        /* 2 */
      "sts %0 + 1, r25\n"    /* 2 */
      "sts %0, r24\n"        /* 2 */
      "pop r25\n"            /* 2 */
      "pop r24\n"            /* 2 */
      "out __SREG__, r24\n"  /* 1 */
      "pop r24\n"            /* 2 */
      "reti\n"               /* 4 */
      :
      : "i"(&overflows));
}

void cycles_start(void) {
  TCCR1A = 0;
  TCCR1B = 0;
  TCNT1 = 0;
  TIFR1 = 1 << TOV1;
  overflows = 0;
  TIMSK1 = 1 << TOIE1;
  sei();
  TCCR1B = 1 << CS10;
}

uint32_t cycles_stop(void) {
  /* An overflow from here on gets no interrupt, whose cycles the timer might see in part: its flag tells it. */
  cli();
  TCCR1B = 0;
  const uint32_t counted = ((uint32_t)overflows << 16) + TCNT1 - (uint32_t)overflows * INTERRUPT_CYCLES;
  return (TIFR1 & (1 << TOV1)) == 0 ? counted : counted + 0x10000u;
}
#endif
