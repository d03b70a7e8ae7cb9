/* The part of a plane that a window covers, in one direction. */
#ifndef BNM_SPAN_H
#define BNM_SPAN_H

/* Indices from … to - 1. */
typedef struct bnm_span {
  unsigned from, to;
} bnm_span;

/* Of a window of `length` that starts at `start`, which lies outside the plane where there is padding. */
static inline bnm_span bnm_span_of(int start, unsigned length, unsigned extent) {
  const unsigned end = (unsigned)(start + (int)length);
  const bnm_span span = {start < 0 ? 0 : (unsigned)start, end < extent ? end : extent};
  return span;
}

#endif
