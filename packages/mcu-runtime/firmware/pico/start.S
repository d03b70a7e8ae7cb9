/*
 * Start-up of the Raspberry Pi Pico behind boot2.S: copies code and constants to SRAM, clears zeroed data, calls main(). Interrupts
 * stay off, so the vector table holds only what boot2.S reads. The linker script pico.ld defines the __ symbols.
 */
  .syntax unified
  .cpu cortex-m0plus
  .thumb
  .section .start, "ax"
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
sleep:
  wfi
  b sleep
  .pool
  .size reset, . - reset
