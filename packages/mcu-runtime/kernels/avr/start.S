/*
 * Start-up of an AVR: stack, initialized data from flash, zeroed data, main(). Interrupts stay off, so only the reset vector
 * is there. The linker script avr.ld defines the __ symbols.
 */
#define SPL 0x3d
#define SPH 0x3e
  .section .start, "ax"
  .weak main
  .globl reset
  .type reset, @function
reset:
  clr r1
  ldi r28, lo8(__stack_end)
  ldi r29, hi8(__stack_end)
  out SPH, r29
  out SPL, r28
  ldi r26, lo8(__data_start)
  ldi r27, hi8(__data_start)
  ldi r30, lo8(__data_load_start)
  ldi r31, hi8(__data_load_start)
  ldi r18, hi8(__data_end)
copy_data:
  cpi r26, lo8(__data_end)
  cpc r27, r18
  brsh clear_bss
  lpm r0, Z+
  st X+, r0
  rjmp copy_data
clear_bss:
  ldi r18, hi8(__bss_end)
clear_next:
  cpi r26, lo8(__bss_end)
  cpc r27, r18
  brsh run
  st X+, r1
  rjmp clear_next
run:
  call main
sleep:
  rjmp sleep
  .size reset, . - reset
