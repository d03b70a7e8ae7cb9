/* Core cycles, counted by the part itself, for programs that are compiled with BNM_SERIAL or BNM_CYCLES. */
#ifndef CYCLES_H
#define CYCLES_H

#include <stdint.h>

/* Starts to count. */
void cycles_start(void);
/* Core cycles since cycles_start(), with some of both calls: those of cycles_start(); cycles_stop() alone are what to subtract. Ends the count. */
uint32_t cycles_stop(void);

#endif
