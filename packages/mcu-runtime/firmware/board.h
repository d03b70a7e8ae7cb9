/* What main.c and self_test.c need of a board. */
#ifndef BOARD_H
#define BOARD_H

#ifdef __cplusplus
extern "C" {
#endif

/* Sets up the clock and the serial port: 115 200 baud, 8 data bits, no parity, 1 stop bit. */
void board_start(void);
/* Sends one character, waiting until there is room for it. */
void board_write(char character);
/* What board_read() gives where nothing more comes: the control character EOT, Ctrl-D on a terminal. */
#define BOARD_END 4
/* Waits for a character from the serial port. Without a buffer: what comes while the program does something else is lost. */
char board_read(void);

#ifdef __cplusplus
}
#endif

#endif
