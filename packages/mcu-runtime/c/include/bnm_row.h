/*
 * Rows of numbers as text, one character after another, to raw values: without floating point, so that "5.1" is 51 tenths everywhere.
 * Numbers are -12, 3.25, .5, +7; a comma, semicolon, space or tab parts them (a comma is no decimal mark); a line is a row.
 */
#ifndef BNM_ROW_H
#define BNM_ROW_H

#include <stddef.h>
#include <stdint.h>

#include "bnm_memory.h"

#ifdef __cplusplus
extern "C" {
#endif

/* C types of raw values. */
enum { BNM_RAW_U8, BNM_RAW_I16, BNM_RAW_I32, BNM_RAW_F32 };

/* What a character made of the row. */
typedef enum bnm_row_state {
  BNM_ROW_MORE = 0,   /* the row goes on, or the line is blank */
  BNM_ROW_READY = 1,  /* its values are there */
  BNM_ROW_NUMBERS = 2, /* the line is over with too few or too many: `count` of them */
  BNM_ROW_TEXT = 3    /* the line is over, and value number `count`, from 0, is no number */
} bnm_row_state;

typedef struct bnm_row {
  void *values;            /* `wanted` of them, of the type below */
  const uint8_t *decimals; /* in flash, 0 … 9 of each feature: a value is the number times 10^decimals, rounded half to even and clamped to its type */
  size_t wanted;           /* a multiple of run */
  size_t run;              /* values of a feature one after another; 1 for rows of tables and time steps of signals */
  uint8_t type;            /* BNM_RAW_… */
  /* All below: 0 at the beginning. */
  uint8_t flags;
  uint8_t places; /* decimals still to come */
  uint8_t rest;   /* what lies behind the last one: 0 nothing, 1 less than half, 2 half, 3 more */
  uint16_t feature;
  size_t left; /* of the run */
  size_t count;
  uint32_t magnitude;
} bnm_row;

/* Takes one character; after anything but BNM_ROW_MORE the next one begins a new row. End the last line with '\n'. */
bnm_row_state bnm_row_add(bnm_row *row, char character);

#ifdef __cplusplus
}
#endif

#endif
