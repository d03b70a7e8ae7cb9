/*
 * Start-up of an RP2040 behind its second boot stage: copies code and initialized data from flash to SRAM, clears zeroed data, calls
 * main(). Interrupts stay off; the vector table holds what the core reads. The linker script rp2040.ld defines the __ symbols.
 */
  .syntax unified
  .cpu cortex-m0plus
  .thumb
  .section .start, "ax"
  .weak main
  .globl reset
  .globl vectors
  .type vectors, %object
vectors:
  .word __stack_end
  .word reset
  .size vectors, . - vectors
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
  b sleep
  .pool
  .size reset, . - reset
