/*
 * Start-up of a Cortex-M: vector table, code and constants that are to lie in RAM, zeroed data, main(); with SEMIHOSTING the run then
 * ends in the debugger. Interrupts stay off until a program of your own switches them on. The linker script defines the __ symbols.
 * Source: Armv6-M Architecture Reference Manual, B1.5 (exceptions, vector table, stack frame).
 */
  .syntax unified
  .thumb
  .section .start, "ax"
  .weak main            /* kernel images of the simulator have neither */
  .weak fault
  .globl reset
  .macro vector name
  .weak \name
  .thumb_set \name, unexpected
  .word \name
  .endm
  .word __stack_end
  .word reset
  vector nmi
  vector hard_fault
  .fill 7, 4, 0
  vector svcall
  .fill 2, 4, 0
  vector pendsv
  vector systick
  .irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
  vector interrupt_\number
  .endr
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
finish:
#if defined(SEMIHOSTING)
  movs r0, #0x18        /* SYS_EXIT */
  ldr r1, =0x20026      /* ADP_Stopped_ApplicationExit */
  bkpt 0xab
#endif
sleep:
  wfi
  b sleep

/*
 * Every exception without a handler of its own: fault(number, address), on a fresh stack. The address stands in the frame that the
 * core pushed, six words above sp. Handlers of your own are functions of the names above, plain C.
 */
  .type unexpected, %function
  .thumb_func
unexpected:
  mrs r0, ipsr
  ldr r1, [sp, #24]
  ldr r2, =__stack_end
  mov sp, r2
  ldr r3, =fault
  blx r3
  b finish
  .pool
  .size reset, . - reset
