/*
 * Results by semihosting: a debugger (OpenOCD, pyOCD, J-Link) or an emulator shows them, no pin is needed. Without one the break
 * stops the core: the code of your own board's serial port takes the place of this file.
 * Source: Semihosting for AArch32 and AArch64 (Arm), and RISC-V Semihosting.
 */
#include "board.h"

#include <stdint.h>

#define SYS_WRITEC 3

static void semihosting(uintptr_t operation, const void *argument) {
#if defined(__riscv)
  register uintptr_t a0 __asm__("a0") = operation;
  register const void *a1 __asm__("a1") = argument;
  /* The instructions around ebreak tell it from a breakpoint; all three must be long and on one page. */
  __asm__ volatile(
      ".balign 16\n.option push\n.option norvc\nslli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\n.option pop"
      : "+r"(a0)
      : "r"(a1)
      : "memory");
#else
  register uintptr_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
#endif
}

void board_start(void) {
}

void board_write(char character) {
  semihosting(SYS_WRITEC, &character);
}

/* Nothing comes: the operation that reads a character would stop the core until someone types, and there is no telling whether anyone does. */
char board_read(void) {
  return BOARD_END;
}
