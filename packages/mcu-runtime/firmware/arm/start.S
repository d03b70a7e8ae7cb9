/*
 * Start-up of a Cortex-M: vector table, code and constants that are to lie in RAM, zeroed data, main(); with SEMIHOSTING the run then
 * ends in the debugger. Interrupts stay off, so the table holds only what the core (on a Pico: boot2.S) reads. The linker script
 * defines the __ symbols.
 */
  .syntax unified
  .thumb
  .section .start, "ax"
  .weak main            /* kernel images of the simulator have none */
  .globl reset
  .word __stack_end
  .word reset
  .type reset, %function
  .thumb_func
reset:
  ldr r0, =__data_load
  ldr r1, =__data_start
  ldr r2, =__data_end
copy_data:
  cmp r1, r2
  bhs clear_bss
  ldmia r0!, {r3}
  stmia r1!, {r3}
  b copy_data
clear_bss:
  ldr r2, =__bss_end
  movs r3, #0
clear_next:
  cmp r1, r2
  bhs run
  stmia r1!, {r3}
  b clear_next
run:
  ldr r3, =main
  blx r3
#if defined(SEMIHOSTING)
  movs r0, #0x18        /* SYS_EXIT */
  ldr r1, =0x20026      /* ADP_Stopped_ApplicationExit */
  bkpt 0xab
#endif
sleep:
  wfi
  b sleep
  .pool
  .size reset, . - reset
