/*
 * Start-up of a CH32V00x: stack, initialized data and functions in RAM, zeroed data, then main(). Interrupts stay off, so there is
 * no vector table, and wfi sleeps for good; the clock stays as after reset. The linker script ch32v.ld defines the __ symbols.
 */
  .section .start, "ax"
  .weak main
  .globl reset
  .type reset, @function
reset:
  la sp, __stack_end
  la a0, __data_load
  la a1, __data_start
  la a2, __data_end
copy_data:
  bgeu a1, a2, clear_bss
  lw a3, 0(a0)
  sw a3, 0(a1)
  addi a0, a0, 4
  addi a1, a1, 4
  j copy_data
clear_bss:
  la a2, __bss_end
clear_next:
  bgeu a1, a2, run
  sw zero, 0(a1)
  addi a1, a1, 4
  j clear_next
run:
  call main
sleep:
  wfi
  j sleep
  .size reset, . - reset
