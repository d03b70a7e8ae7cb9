/* Numbers on the serial port, for programs that are compiled with BNM_SERIAL or BNM_CYCLES. */
#ifndef DECIMAL_H
#define DECIMAL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a number in decimals. */
void decimal_unsigned(uint32_t number);
/* With a minus in front of what is below 0. */
void decimal_signed(int32_t number);

#ifdef __cplusplus
}
#endif

#endif
