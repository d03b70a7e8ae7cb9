/* How constants are placed and read: plain loads, but program-memory loads on AVR, where flash is another address space. */
#ifndef BNM_MEMORY_H
#define BNM_MEMORY_H

#include <stdint.h>

#if defined(__AVR__)

#include <avr/pgmspace.h>
/* Marks a constant table that the runtime reads: weights, output shifts, biases, images. */
#define BNM_PROGMEM PROGMEM
#define bnm_read_u8(p) ((uint8_t)pgm_read_byte(p))
#define bnm_read_u16(p) ((uint16_t)pgm_read_word(p))
#define bnm_read_i32(p) ((int32_t)pgm_read_dword(p))

#else

#define BNM_PROGMEM
#define bnm_read_u8(p) (*(const uint8_t *)(p))
#define bnm_read_u16(p) (*(const uint16_t *)(p))
#define bnm_read_i32(p) (*(const int32_t *)(p))

#endif

#endif
