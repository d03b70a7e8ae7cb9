/* The core starts at the beginning of the machine's system ROM. */
  .section .reset, "ax"
  .globl _start
_start:
  j start

  .text
  .literal_position
start:
  movi a1, stack_top
  call0 main
1:
  j 1b
