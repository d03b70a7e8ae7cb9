/* The registers that a function keeps for its caller, and function heads, of the AVR kernels in assembly. */
#ifndef BNM_AVR_REGISTERS_H
#define BNM_AVR_REGISTERS_H

  .macro BNM_FUNCTION NAME
  .section .text.\NAME, "ax", @progbits
  .globl \NAME
  .type \NAME, @function
\NAME:
  .endm

  .macro BNM_PUSH FIRST, LAST
  push \FIRST
  .if \LAST - \FIRST
  BNM_PUSH (\FIRST + 1), \LAST
  .endif
  .endm

  .macro BNM_POP LAST, FIRST
  pop \LAST
  .if \LAST - \FIRST
  BNM_POP (\LAST - 1), \FIRST
  .endif
  .endm

  .macro BNM_CLEAR FIRST, LAST
  clr \FIRST
  .if \LAST - \FIRST
  BNM_CLEAR (\FIRST + 1), \LAST
  .endif
  .endm

#endif
