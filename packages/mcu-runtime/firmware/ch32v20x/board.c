/*
 * CH32V203 at 144 MHz from the internal oscillator; results on USART1, TX = PA9.
 * Source: CH32FV2x_V3x reference manual (WCH), chapters RCC, EXTEN, GPIO and USART; QingKe V4 processor manual for the control register.
 */
#include "board.h"

#include <stdint.h>

/* Blocks of registers, of which a base address and short offsets reach all. */
struct rcc {
  volatile uint32_t control, configuration, interrupts, apb2_reset, apb1_reset, ahb_clocks, apb2_clocks;
};
struct gpio {
  volatile uint32_t configuration_low, configuration_high;
};
struct usart {
  volatile uint32_t status, data, baud, control;
};
#define RCC ((struct rcc *)0x40021000)
#define EXTEN_CONTROL (*(volatile uint32_t *)0x40023800)
#define GPIOA ((struct gpio *)0x40010800)
#define USART1 ((struct usart *)0x40013800)

#define PLL_ON (1u << 24)
#define PLL_READY (1u << 25)
#define PLL_FROM_WHOLE_OSCILLATOR (1u << 4) /* else from half of it */
#define PLL_TIMES_18 (15u << 18)
#define APB1_HALF (4u << 8) /* at most 72 MHz */
#define USE_PLL 2u
#define IN_USE_MASK (3u << 2)
#define IN_USE_PLL (2u << 2)
#define GPIOA_ON (1u << 2)
#define USART1_ON (1u << 14)
#define INPUTS_AND_PA9_ALTERNATE_PUSH_PULL 0x444444B4u /* all others as after reset */
#define USART_ENABLE (1u << 13)
#define TRANSMITTER_ENABLE (1u << 3)
#define RECEIVER_ENABLE (1u << 2)
#define RECEIVED (1u << 5)
#define TRANSMIT_EMPTY (1u << 7)

#define CLOCK_HZ 144000000u
#define BAUD 115200u

void board_start(void) {
  /* Pipeline and branch prediction as the maker's start-up code sets them. */
  __asm__ volatile(".option push\n.option arch, +zicsr\ncsrw 0xbc0, %0\n.option pop" : : "r"(0x1f));
  /* 18 times the internal 8 MHz. */
  EXTEN_CONTROL |= PLL_FROM_WHOLE_OSCILLATOR;
  RCC->configuration = PLL_TIMES_18 | APB1_HALF;
  RCC->control |= PLL_ON;
  while ((RCC->control & PLL_READY) == 0) {
  }
  RCC->configuration = PLL_TIMES_18 | APB1_HALF | USE_PLL;
  while ((RCC->configuration & IN_USE_MASK) != IN_USE_PLL) {
  }
  RCC->apb2_clocks = GPIOA_ON | USART1_ON;
  GPIOA->configuration_high = INPUTS_AND_PA9_ALTERNATE_PUSH_PULL;
  USART1->baud = (CLOCK_HZ + BAUD / 2u) / BAUD;
  USART1->control = USART_ENABLE | TRANSMITTER_ENABLE;
}

void board_write(char character) {
  while ((USART1->status & TRANSMIT_EMPTY) == 0) {
  }
  USART1->data = (uint8_t)character;
}

char board_read(void) {
  /* RX = PA10, an input since reset. */
  USART1->control |= RECEIVER_ENABLE;
  while ((USART1->status & RECEIVED) == 0) {
  }
  return (char)USART1->data;
}
