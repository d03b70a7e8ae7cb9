/*
 * Start-up of a 32-bit RISC-V: stack, exception handler, initialized data and functions in RAM, zeroed data, main(); with SEMIHOSTING
 * the run then ends in the debugger. Interrupts stay off, and wfi sleeps for good; the clock stays as after reset. The linker script
 * defines the __ symbols.
 */
  .option arch, +zicsr
  .section .start, "ax"
  .weak main            /* kernel images of the simulator have neither */
  .weak fault
  .globl reset
  .type reset, @function
reset:
  /* Many parts start at an alias of their flash (the CH32V at 0), where addresses relative to the program counter come out wrong. */
  lui t0, %hi(linked)
  jr %lo(linked)(t0)
linked:
  /* The middle of the first 4 kB of RAM, which the linker then reaches with one instruction: from here on. */
  .option push
  .option norelax
  la gp, __global_pointer$
  .option pop
  la sp, __stack_end
  la t0, __trap_vector
  csrw mtvec, t0
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
finish:
#if defined(SEMIHOSTING)
  li a0, 0x18           /* SYS_EXIT */
  li a1, 0x20026        /* ADP_Stopped_ApplicationExit */
  .balign 16
  .option push
  .option norvc
  slli x0, x0, 0x1f
  ebreak
  srai x0, x0, 7
  .option pop
#endif
sleep:
  wfi
  j sleep
  .size reset, . - reset

/* A fault of the core, or an interrupt without a handler: fault(mcause, mepc) on a fresh stack, since sp may be what went wrong. */
  .section .trap, "ax"
  .globl trap
  .type trap, @function
  .balign 4
trap:
  /* gp may be what went wrong, too. By way of t0: half an address in sp would look like a deep stack to whoever measures it. */
  .option push
  .option norelax
  la t0, __stack_end
  .option pop
  mv sp, t0
  csrr a0, mcause
  csrr a1, mepc
  call fault
  j finish
  .size trap, . - trap
