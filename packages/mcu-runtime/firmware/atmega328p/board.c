/*
 * ATmega328P at 16 MHz, as on an Arduino Uno or Nano; results on USART0, TX = PD1 (pin 1).
 * Source: ATmega328P data sheet (Microchip), chapter USART0. Start-up code is that of avr-libc.
 */
#include "board.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/pgmspace.h>

#define CLOCK_HZ 16000000UL
#define BAUD 115200UL

void board_start(void) {
  /* Double speed: the nearest rate is 2.1 % above, with single speed it would be 3.5 % below. */
  UCSR0A = 1 << U2X0;
  UBRR0 = (CLOCK_HZ + 4 * BAUD) / (8 * BAUD) - 1;
  UCSR0C = 3 << UCSZ00;
  UCSR0B = 1 << TXEN0;
}

void board_write(char character) {
  while ((UCSR0A & 1 << UDRE0) == 0) {
  }
  UDR0 = (uint8_t)character;
}

char board_read(void) {
  /* RX = PD0 (pin 0). */
  if ((UCSR0B & 1 << RXEN0) == 0) UCSR0B |= 1 << RXEN0;
  while ((UCSR0A & 1 << RXC0) == 0) {
  }
  return (char)UDR0;
}

/* avr-libc would start the program again without a word. */
ISR(BADISR_vect) {
  for (const char *text = PSTR("\r\nFAULT interrupt without a handler"); pgm_read_byte(text) != 0; text++) {
    board_write((char)pgm_read_byte(text));
  }
  for (;;) {
  }
}
