/* Numbers on the serial port, for programs that are compiled with BNM_SERIAL or BNM_CYCLES. */
#ifndef DECIMAL_H
#define DECIMAL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a space and the number in decimals. */
void decimal_write(int32_t number);

#ifdef __cplusplus
}
#endif

#endif
