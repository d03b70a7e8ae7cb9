// The windows of a pooling over one map, a `Pooling` of native/records.json.
#pragma once
#include "../engine.h"

/** Places from … to - 1 of a map, in one direction. */
typedef struct {
  int32_t from, to;
} Span;

/** What a window that starts at `start` has of a map's `extent`. */
INLINE Span span_of(int32_t start, int32_t length, int32_t extent) {
  const Span span = {start < 0 ? 0 : start, start + length < extent ? start + length : extent};
  return span;
}
INLINE Span window_rows(const Pooling *p, int32_t y, int32_t height) {
  return span_of(y * p->stride_y - p->padding_y, p->window_height, height);
}
INLINE Span window_columns(const Pooling *p, int32_t x, int32_t width) {
  return span_of(x * p->stride_x - p->padding_x, p->window_width, width);
}

/** What each value of a window contributes to its mean. */
INLINE float mean_share(const Pooling *p, Span rows, Span columns) {
  return 1 / (float)(p->count_padding ? p->window_height * p->window_width : (rows.to - rows.from) * (columns.to - columns.from));
}

/** The usual pooling, which has code of its own. */
INLINE int is_halving(const Pooling *p) {
  return p->window_height == 2 && p->window_width == 2 && p->stride_y == 2 && p->stride_x == 2 && p->padding_y == 0 && p->padding_x == 0;
}
