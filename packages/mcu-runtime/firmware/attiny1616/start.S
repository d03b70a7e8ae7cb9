/*
 * Vectors and start-up code of an ATtiny1616. Handlers of a program have the names that avr-libc gives them, __vector_1 (CRCSCAN_NMI) to
 * __vector_30 (NVMCTRL_EE). Source: ATtiny1614/1616/1617 data sheet (Microchip DS40002204), interrupt vector mapping.
 * The sections are those of the compiler's linker script, in whose order the library clears and copies data in between.
 */
#define SPL 0x3d
#define SPH 0x3e
#define SREG 0x3f

  .macro VECTOR NAME
  .weak \NAME
  .set \NAME, ignored_interrupt
  jmp \NAME
  .endm

  .section .vectors, "ax", @progbits
  .globl __vectors
__vectors:
  jmp __init
  .irp number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
  VECTOR __vector_\number
  .endr

  .section .init0, "ax", @progbits
  .globl __init
__init:

  .section .init2, "ax", @progbits
  clr r1
  out SREG, r1
  ldi r28, lo8(__ram_end - 1)
  ldi r29, hi8(__ram_end - 1)
  out SPL, r28
  out SPH, r29

  .section .init9, "ax", @progbits
  call main
  jmp exit

  .text
ignored_interrupt:
  clr r1
  jmp bad_interrupt
