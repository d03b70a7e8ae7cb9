/*
 * CH32V00x at 48 MHz from the internal oscillator; results on USART1, TX = PD5.
 * Source: CH32V003 reference manual (WCH), chapters FLASH, RCC, GPIO and USART; the CH32V002 and its family have the same registers there.
 */
#include "board.h"

#include <stdint.h>

/* Blocks of registers, of which a base address and short offsets reach all. */
struct rcc {
  volatile uint32_t control, configuration, interrupts, apb2_reset, apb1_reset, ahb_clocks, apb2_clocks;
};
struct gpio {
  volatile uint32_t configuration;
};
struct usart {
  volatile uint32_t status, data, baud, control;
};
#define RCC ((struct rcc *)0x40021000)
#define FLASH_WAIT (*(volatile uint32_t *)0x40022000)
#define GPIOD ((struct gpio *)0x40011400)
#define USART1 ((struct usart *)0x40013800)

#define PLL_ON (1u << 24)
#define PLL_READY (1u << 25)
#define USE_PLL 2u
#define GPIOD_ON (1u << 5)
#define USART1_ON (1u << 14)
#define INPUTS_AND_PD5_ALTERNATE_PUSH_PULL 0x44B44444u /* all others as after reset */
#define USART_ENABLE (1u << 13)
#define TRANSMITTER_ENABLE (1u << 3)
#define RECEIVER_ENABLE (1u << 2)
#define RECEIVED (1u << 5)
#define TRANSMIT_EMPTY (1u << 7)

#define CLOCK_HZ 48000000u
#define BAUD 115200u

void board_start(void) {
  FLASH_WAIT = FLASH_WAIT_STATES;
  /* PLL: twice the internal 24 MHz, as configured after reset; no divider behind it. */
  RCC->control |= PLL_ON;
  while ((RCC->control & PLL_READY) == 0) {
  }
  /* Takes effect within a few cycles, before anything depends on it. */
  RCC->configuration = USE_PLL;
  RCC->apb2_clocks = GPIOD_ON | USART1_ON;
  GPIOD->configuration = INPUTS_AND_PD5_ALTERNATE_PUSH_PULL;
  USART1->baud = (CLOCK_HZ + BAUD / 2u) / BAUD;
  USART1->control = USART_ENABLE | TRANSMITTER_ENABLE;
}

void board_write(char character) {
  while ((USART1->status & TRANSMIT_EMPTY) == 0) {
  }
  USART1->data = (uint8_t)character;
}

char board_read(void) {
  /* RX = PD6, an input since reset. */
  USART1->control |= RECEIVER_ENABLE;
  while ((USART1->status & RECEIVED) == 0) {
  }
  return (char)USART1->data;
}
