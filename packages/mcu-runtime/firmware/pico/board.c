/*
 * Raspberry Pi Pico at 125 MHz; results on UART0, TX = GPIO 0 (pin 1).
 * Source: RP2040 datasheet, chapters 2.14 (resets), 2.15 (clocks), 2.16 (XOSC), 2.18 (PLL), 2.19 (GPIO), 4.2 (UART).
 */
#include "board.h"

#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define RESETS_RESET_CLEAR REGISTER(0x4000F000) /* bits written as 1 are cleared */
#define RESETS_DONE REGISTER(0x4000C008)
#define CLK_REF_CTRL REGISTER(0x40008030)
#define CLK_REF_SELECTED REGISTER(0x40008038)
#define CLK_SYS_CTRL REGISTER(0x4000803C)
#define CLK_SYS_SELECTED REGISTER(0x40008044)
#define CLK_PERI_CTRL REGISTER(0x40008048)
#define XOSC_CTRL REGISTER(0x40024000)
#define XOSC_STATUS REGISTER(0x40024004)
#define XOSC_STARTUP REGISTER(0x4002400C)
#define PLL_SYS_CS REGISTER(0x40028000)
#define PLL_SYS_PWR REGISTER(0x40028004)
#define PLL_SYS_FBDIV REGISTER(0x40028008)
#define PLL_SYS_PRIM REGISTER(0x4002800C)
#define GPIO0_CTRL REGISTER(0x40014004)
#define GPIO1_CTRL REGISTER(0x4001400C)
#define UART0_DR REGISTER(0x40034000)
#define UART0_FR REGISTER(0x40034018)
#define UART0_IBRD REGISTER(0x40034024)
#define UART0_FBRD REGISTER(0x40034028)
#define UART0_LCR_H REGISTER(0x4003402C)
#define UART0_CR REGISTER(0x40034030)

#define IO_BANK0 (1u << 5)
#define PADS_BANK0 (1u << 8)
#define PLL_SYS (1u << 12)
#define UART0 (1u << 22)
#define STABLE (1u << 31)
#define LOCK (1u << 31)

static void leave_reset(uint32_t blocks) {
  RESETS_RESET_CLEAR = blocks;
  while ((RESETS_DONE & blocks) != blocks) {
  }
}

void board_start(void) {
  /* The crystal: 12 MHz, about 1 ms to start. */
  XOSC_STARTUP = 47;
  XOSC_CTRL = 0xFABAA0;
  while ((XOSC_STATUS & STABLE) == 0) {
  }
  CLK_REF_CTRL = 2;
  while ((CLK_REF_SELECTED & 4u) == 0) {
  }
  /* 12 MHz * 125 / 6 / 2 = 125 MHz. */
  leave_reset(PLL_SYS);
  PLL_SYS_CS = 1;
  PLL_SYS_FBDIV = 125;
  PLL_SYS_PWR = 0xC;
  while ((PLL_SYS_CS & LOCK) == 0) {
  }
  PLL_SYS_PRIM = 6u << 16 | 2u << 12;
  PLL_SYS_PWR = 0x4;
  CLK_SYS_CTRL = 1;
  while ((CLK_SYS_SELECTED & 2u) == 0) {
  }
  /* The UART runs from the crystal: 12 MHz / 16 / 115 200 = 6 + 33 / 64. */
  CLK_PERI_CTRL = 1u << 11 | 4u << 5;
  leave_reset(IO_BANK0 | PADS_BANK0 | UART0);
  GPIO0_CTRL = 2;
  UART0_IBRD = 6;
  UART0_FBRD = 33;
  UART0_LCR_H = 0x70;
  UART0_CR = 0x101;
}

void board_write(char character) {
  while ((UART0_FR & (1u << 5)) != 0) {
  }
  UART0_DR = (uint8_t)character;
}

char board_read(void) {
  /* RX = GPIO 1 (pin 2). */
  GPIO1_CTRL = 2;
  UART0_CR = 0x301;
  while ((UART0_FR & (1u << 4)) != 0) {
  }
  return (char)UART0_DR;
}
