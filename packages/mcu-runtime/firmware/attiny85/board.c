/*
 * ATtiny85 at 8 MHz from its internal oscillator; results on PB4 (pin 3), 9600 baud by software, since there is no USART.
 * Source: ATtiny25/45/85 data sheet (Microchip), chapters System Clock and I/O Ports. Start-up code is that of avr-libc.
 */
#include "board.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/pgmspace.h>

#define CLOCK_HZ 8000000UL
#define BAUD 9600UL
#define LINE PB4
/* Cycles of the loop below besides its delay. */
#define LOOP_CYCLES 12
#define DELAY_CYCLES ((CLOCK_HZ + BAUD / 2) / BAUD - LOOP_CYCLES)

void board_start(void) {
  /* Undivided; the factory's fuses divide by 8. */
  CLKPR = 1 << CLKPCE;
  CLKPR = 0;
  PORTB |= 1 << LINE;
  DDRB |= 1 << LINE;
}

void board_write(char character) {
  /* Behind the start bit the character, lowest bit first, then a stop bit. */
  uint16_t frame = (uint16_t)((uint16_t)(uint8_t)character << 1 | 1 << 9);
  do {
    if ((frame & 1u) != 0) PORTB |= 1 << LINE;
    else PORTB &= (uint8_t)~(1 << LINE);
    frame >>= 1;
    __builtin_avr_delay_cycles(DELAY_CYCLES);
  } while (frame != 0);
}

/* There is no receiver. */
char board_read(void) {
  return BOARD_END;
}

/* avr-libc would start the program again without a word. */
ISR(BADISR_vect) {
  for (const char *text = PSTR("\r\nFAULT interrupt without a handler"); pgm_read_byte(text) != 0; text++) {
    board_write((char)pgm_read_byte(text));
  }
  for (;;) {
  }
}
