/*
 * Start-up of a 32-bit RISC-V: stack, initialized data and functions in RAM, zeroed data, main(); with SEMIHOSTING the run then ends
 * in the debugger. Interrupts stay off, so there is no vector table, and wfi sleeps for good; the clock stays as after reset. The
 * linker script defines the __ symbols.
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
#if defined(SEMIHOSTING)
  li a0, 0x18           /* SYS_EXIT */
  li a1, 0x20026        /* ADP_Stopped_ApplicationExit */
  .option push
  .option norvc
  .balign 16
  slli x0, x0, 0x1f
  ebreak
  srai x0, x0, 7
  .option pop
#endif
sleep:
  wfi
  j sleep
  .size reset, . - reset
