/*
 * Second boot stage of the RP2040: the boot ROM copies these 256 bytes to SRAM, checks their CRC and calls them. They set up the
 * flash controller for the plain read command 03h, which every SPI flash knows, and start the program behind them.
 * Source: RP2040 datasheet, chapters 2.8.1 (boot sequence) and 4.10 (SSI). The last word is the CRC32 (polynomial 04C11DB7, initial
 * value FFFFFFFF, not reflected) of the 252 bytes before it: it changes with every instruction here.
 */
  .syntax unified
  .cpu cortex-m0plus
  .thumb
  .section .boot2, "ax"
boot2:
  ldr r0, =0x18000000       /* SSI */
  movs r1, #0
  str r1, [r0, #0x08]       /* SSIENR: off while it is set up */
  movs r1, #4
  str r1, [r0, #0x14]       /* BAUDR: a quarter of the system clock */
  ldr r1, =0x001F0300       /* CTRLR0: 32-bit frames, EEPROM read, one data line */
  str r1, [r0, #0x00]
  movs r1, #0
  str r1, [r0, #0x04]       /* CTRLR1: one frame a read */
  ldr r1, =0x03000218       /* SPI_CTRLR0: command 03h, 8-bit instruction, 24-bit address, both on one line */
  ldr r2, =0x180000F4
  str r1, [r2]
  movs r1, #1
  str r1, [r0, #0x08]
  ldr r0, =0x10000100       /* the vector table: stack, then reset */
  ldr r1, =0xE000ED08       /* VTOR */
  str r0, [r1]
  ldmia r0!, {r1, r2}
  msr msp, r1
  bx r2
  .pool
  .org 252
  .word BOOT2_CRC
