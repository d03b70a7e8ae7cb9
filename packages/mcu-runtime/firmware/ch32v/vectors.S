/*
 * Vector table of the CH32V, at the start of flash: the core begins with the instruction in entry 0, all other entries are addresses.
 * A handler of your own: void interrupt_38(void) __attribute__((interrupt)), by its number in the reference manual (12 SysTick,
 * 14 software, 16 and up the peripherals'); the linker script makes the others trap,
 * which reports them as faults.
 * Source: CH32V003, CH32V00X and CH32FV2x_V3x reference manuals (WCH), chapters PFIC, interrupt and exception vectors.
 */
#ifndef LAST_INTERRUPT
#error "LAST_INTERRUPT is not defined: the number of the part's last interrupt is wanted, since what lies behind the table is code"
#endif
  .altmacro
  .macro vector number
  .word interrupt_\number
  .endm

  .section .vectors, "ax"
  .option norvc
  j reset
  .word 0
  .word trap                    /* non-maskable interrupt */
  .word trap                    /* exceptions */
  .word 0
  .word trap                    /* ecall in machine mode, where it has an entry of its own; so have the next two */
  .word 0
  .word 0
  .word trap                    /* ecall in user mode */
  .word trap                    /* ebreak */
  .word 0
  .word 0
  .set number, 12
  .rept LAST_INTERRUPT - 11
  vector %number
  .set number, number + 1
  .endr
