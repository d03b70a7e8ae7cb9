/*
 * Commands on the serial port, in place of the self-test where the project is compiled with BNM_SERIAL. A command is a line, which ends with a
 * line feed, a carriage return or Ctrl-D:
 *
 *   ?                           who is there: `bitnetmcu 2 <SHA-256 of the model file> <inputs> <outputs>`
 *   :<inputs><sum> in hex       a sample: int8 values, two digits each, and a byte that makes the sum of all bytes 0
 *
 * A sample is answered with `class <number>` (of anomalies `anomaly <number>`, of other tasks nothing), `logits <number> …` and
 * `cycles <number> <sum>`: core cycles of the inference, counted by the part, and the sum byte of the line that is answered, which parts it
 * from answers to other samples, but for one in 256. Lines that are neither go to row(), or are answered with `error` where there is none. Nothing is buffered: send the
 * next line when the answer is there. Ctrl-D at the beginning of a line ends the program.
 */
#ifndef SERIAL_H
#define SERIAL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Answers until Ctrl-D. row: gets the characters of all lines that are no commands, with a line feed for the end of each; or NULL. */
void serial(void (*row)(char character));
/* Where the int8 values of the next sample are to lie. */
int8_t *serial_input(void);
/* Runs the network on them; prints its logits and cycles, without a sum. */
void serial_logits(void);

#ifdef __cplusplus
}
#endif

#endif
