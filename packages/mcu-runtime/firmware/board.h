/* What main.c needs of a board. */
#ifndef BOARD_H
#define BOARD_H

/* Sets up the clock and the serial port: 115 200 baud, 8 data bits, no parity, 1 stop bit. */
void board_start(void);
/* Sends one character, waiting until there is room for it. */
void board_write(char character);

#endif
