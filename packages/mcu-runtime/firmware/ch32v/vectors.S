/*
 * Vector table of the CH32V003, CH32V002 and CH32V006, at the start of flash: the core begins with the instruction in entry 0, all
 * other entries are addresses. A handler of your own: void interrupt_38(void) __attribute__((interrupt)), by its number in the
 * reference manual (12 SysTick, 14 software, 16 and up the peripherals'); the others report as faults do.
 * Source: CH32V003 reference manual (WCH), chapter PFIC, interrupt and exception vectors.
 */
  .section .vectors, "ax"
  .option norvc
  j reset
  .word 0
  .word trap                    /* non-maskable interrupt */
  .word trap                    /* exceptions */
  .fill 8, 4, 0
  .irp number, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38
  .weak interrupt_\number
  .set interrupt_\number, trap
  .word interrupt_\number
  .endr
