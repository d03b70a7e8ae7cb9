/*
 * CH32V003 and CH32V002 at 48 MHz from the internal oscillator; results on USART1, TX = PD5.
 * Source: CH32V003 reference manual (WCH), chapters FLASH, RCC, GPIO and USART; the CH32V002 has the same registers there.
 */
#include "board.h"

#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define RCC_CTLR REGISTER(0x40021000)
#define RCC_CFGR0 REGISTER(0x40021004)
#define RCC_APB2PCENR REGISTER(0x40021018)
#define FLASH_ACTLR REGISTER(0x40022000)
#define GPIOD_CFGLR REGISTER(0x40011400)
#define USART1_STATR REGISTER(0x40013800)
#define USART1_DATAR REGISTER(0x40013804)
#define USART1_BRR REGISTER(0x40013808)
#define USART1_CTLR1 REGISTER(0x4001380C)

#define PLL_ON (1u << 24)
#define PLL_READY (1u << 25)
#define USE_PLL 2u
#define GPIOD_ON (1u << 5)
#define USART1_ON (1u << 14)
#define PD5_ALTERNATE_PUSH_PULL (0xBu << 20)
#define USART_ENABLE (1u << 13)
#define TRANSMITTER_ENABLE (1u << 3)
#define TRANSMIT_EMPTY (1u << 7)

#define CLOCK_HZ 48000000u
#define BAUD 115200u

void board_start(void) {
  FLASH_ACTLR = FLASH_WAIT_STATES;
  /* PLL: twice the internal 24 MHz; no divider behind it. */
  RCC_CFGR0 = 0;
  RCC_CTLR |= PLL_ON;
  while ((RCC_CTLR & PLL_READY) == 0) {
  }
  RCC_CFGR0 = USE_PLL;
  while ((RCC_CFGR0 & (USE_PLL << 2)) == 0) {
  }
  RCC_APB2PCENR |= GPIOD_ON | USART1_ON;
  GPIOD_CFGLR = (GPIOD_CFGLR & ~(0xFu << 20)) | PD5_ALTERNATE_PUSH_PULL;
  USART1_BRR = (CLOCK_HZ + BAUD / 2u) / BAUD;
  USART1_CTLR1 = USART_ENABLE | TRANSMITTER_ENABLE;
}

void board_write(char character) {
  while ((USART1_STATR & TRANSMIT_EMPTY) == 0) {
  }
  USART1_DATAR = (uint8_t)character;
}
