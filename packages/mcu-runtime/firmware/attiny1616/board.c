/*
 * ATtiny1616 at 20 MHz (fuse OSCCFG as delivered: FREQSEL 20 MHz); results on USART0, TX = PB2.
 * Source: ATtiny1614/1616/1617 data sheet (Microchip DS40002204), chapters CPU, CLKCTRL, PORT, USART. Start-up code is in start.S.
 * Registers have names of their own here: headers of Debian's avr-libc do not know the part.
 */
#include "board.h"

#include <avr/pgmspace.h>
#include <stdint.h>

#define REGISTER(ADDRESS) (*(volatile uint8_t *)(ADDRESS))
#define PORTB_DIRSET REGISTER(0x0421)
#define PORTB_OUTSET REGISTER(0x0425)
#define USART0_RXDATAL REGISTER(0x0800)
#define USART0_TXDATAL REGISTER(0x0802)
#define USART0_STATUS REGISTER(0x0804)
#define USART0_CTRLB REGISTER(0x0806)
#define USART0_BAUD (*(volatile uint16_t *)0x0808)

enum { RX_COMPLETE = 1 << 7, TX_EMPTY = 1 << 5, RX_ENABLE = 1 << 7, TX_ENABLE = 1 << 6, TX_PIN = 1 << 2 };

#define CLOCK_HZ 20000000UL
#define BAUD 115200UL

void board_start(void) {
  /* After a reset the clock is divided by 6. The register takes a value within four instructions behind the key in CCP. */
  __asm__ volatile("out 0x34, %0\n\tsts %1, __zero_reg__" : : "r"((uint8_t)0xd8), "n"(0x0061) : "memory");
  PORTB_OUTSET = TX_PIN;
  PORTB_DIRSET = TX_PIN;
  /* 64 times the clock over 16 times the rate. */
  USART0_BAUD = (uint16_t)((4 * CLOCK_HZ + BAUD / 2) / BAUD);
  USART0_CTRLB = TX_ENABLE;
}

void board_write(char character) {
  while ((USART0_STATUS & TX_EMPTY) == 0) {
  }
  USART0_TXDATAL = (uint8_t)character;
}

char board_read(void) {
  /* RX = PB3. */
  if ((USART0_CTRLB & RX_ENABLE) == 0) USART0_CTRLB |= RX_ENABLE;
  while ((USART0_STATUS & RX_COMPLETE) == 0) {
  }
  return (char)USART0_RXDATAL;
}

/* Of interrupts without a handler. */
void bad_interrupt(void);
void bad_interrupt(void) {
  for (const char *text = PSTR("\r\nFAULT interrupt without a handler"); pgm_read_byte(text) != 0; text++) {
    board_write((char)pgm_read_byte(text));
  }
  for (;;) {
  }
}
