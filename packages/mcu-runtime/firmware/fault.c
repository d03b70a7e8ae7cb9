/*
 * What start-up code calls when the core faults or an interrupt without a handler comes: a line on the serial port, then the program
 * ends. Your own fault() takes its place: it is weak.
 */
#include <stdint.h>

#include "board.h"

/* cause: mcause of a RISC-V, the exception number of a Cortex-M; address: of the instruction that was interrupted. */
__attribute__((weak)) void fault(uint32_t cause, uint32_t address) {
  for (const char *text = "\r\nFAULT"; *text != 0; text++) board_write(*text);
  for (unsigned digits = 0; digits != 16; digits++) {
    if ((digits & 7u) == 0) board_write(' ');
    const unsigned digit = cause >> 28;
    board_write((char)(digit < 10 ? '0' + digit : 'a' - 10 + digit));
    /* The next digit; behind the last of the cause comes the address. */
    cause = digits == 7 ? address : cause << 4;
  }
}
