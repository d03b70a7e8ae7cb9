/* Linear layers of AVR parts. Interface and idea: bnm_linear_parts.h. */
#include "bnm_linear_parts.h"

/* Inputs on their way to windows. */
struct inputs {
  const int8_t *next, *end;
  int8_t mode;
  uint8_t is_below;  /* whether inputs below the mode value are listed, or those above it */
  uint8_t has_others; /* whether there are inputs on its other side */
};

struct window {
  uint8_t list[2 * BNM_WINDOW_ENTRIES];
  uint8_t entries;
  uint16_t sum; /* of the differences */
};

/* So many inputs are passed over by one entry. */
#define LONGEST_GAP 252

/* Lists inputs until the window is full or they end. */
__attribute__((noinline)) static void collect(struct inputs *inputs, struct window *window) {
  const int8_t mode = inputs->mode;
  const uint8_t is_below = inputs->is_below;
  const int8_t *x = inputs->next;
  const int8_t *const end = inputs->end;
  uint8_t *entry = window->list;
  uint16_t left = BNM_WINDOW_SUM;
  uint8_t gap = 0;
  for (; x != end && entry != window->list + sizeof window->list; x++) {
    uint8_t difference = 0;
    const int8_t value = *x;
    if (value != mode) {
      if ((value < mode) == is_below) {
        difference = (uint8_t)(value - mode);
        if (is_below) difference = (uint8_t)-difference;
        if (difference > left) break;
        left -= difference;
      } else {
        inputs->has_others = 1;
      }
    }
    if (difference == 0 && gap != LONGEST_GAP) {
      gap = (uint8_t)(gap + 4);
      continue;
    }
    *entry++ = gap;
    *entry++ = difference;
    gap = 0;
  }
  inputs->next = x;
  window->entries = (uint8_t)((entry - window->list) >> 1);
  window->sum = BNM_WINDOW_SUM - left;
}

/* acc += sums * 2^shift, or -= */
__attribute__((noinline)) static void add_sums(int32_t *acc, int32_t *sums, uint8_t count, uint8_t shift, uint8_t is_below) {
  if (shift != 0 || is_below) {
    for (int32_t *sum = sums; sum != sums + count; sum++) {
      uint32_t shifted = (uint32_t)*sum;
      for (uint8_t left = shift; left != 0; left--) shifted <<= 1;
      *sum = (int32_t)(is_below ? -shifted : shifted);
    }
  }
  for (; count != 0; count--) *acc++ += *sums++;
}

/* Adds a window's sums to those of all outputs, or subtracts them. */
__attribute__((noinline)) static void add_window(const struct window *window, const uint8_t *weights, uint16_t first, uint16_t inputs, uint16_t outputs,
                       int32_t *acc, const struct bnm_linear_part *parts, uint8_t is_below) {
  uint8_t is_last;
  int32_t sums[8];
  do {
    struct bnm_linear_part part;
    part.block = (bnm_block_sums *)pgm_read_word(&parts->block);
    part.outputs = bnm_read_u8(&parts->outputs);
    part.bytes = bnm_read_u8(&parts->bytes);
    part.shift = bnm_read_u8(&parts->shift);
    is_last = bnm_read_u8(&parts->is_last);
    parts++;
    const uint16_t block_bytes = inputs * part.bytes;
    const uint8_t *codes = weights + first * part.bytes;
    int32_t *to = acc;
    for (uint16_t left = outputs; left != 0;) {
      const uint8_t count = (uint8_t)(left < part.outputs ? left : part.outputs);
      part.block(window->list, window->entries, codes, sums);
      codes += block_bytes;
      left -= count;
      add_sums(to, sums, count, part.shift, is_below);
      to += count;
    }
    weights += codes - (weights + first * part.bytes);
  } while (!is_last);
}

/* From the sums of codes to those of integers. */
__attribute__((noinline)) static void finish(int32_t *acc, uint16_t outputs, uint8_t scale_log2, uint32_t base, int8_t mode, const uint8_t *row_sums) {
  for (int32_t *const end = acc + outputs; acc != end; acc++) {
    uint32_t sum = (uint32_t)*acc;
    for (uint8_t scale = scale_log2; scale != 0; scale--) sum <<= 1;
    sum += base;
    if (mode != 0) {
      sum += (uint32_t)((int32_t)mode * (int16_t)bnm_read_u16(row_sums));
      row_sums += 2;
    }
    *acc = (int32_t)sum;
  }
}

void bnm_linear_parts(const int8_t *x, uint16_t inputs, const uint8_t *weights, uint16_t outputs, int32_t *acc,
                      const struct bnm_linear_part *parts, uint8_t scale_log2, int16_t offset) {
  struct window window;
  struct inputs listed = {x, x + inputs, 0, 0, 0};
  const uint8_t *const row_sums = weights + 4;
  const uint8_t has_row_sums = bnm_read_u8(weights);
  weights = row_sums;
  if (has_row_sums) {
    weights += 4u * ((outputs + 1u) / 2u);
    if (x[0] == x[inputs - 1u]) listed.mode = x[0];
  }
  for (uint16_t o = 0; o < outputs; o++) acc[o] = 0;
  uint32_t total = 0;
  for (;;) {
    while (listed.next != listed.end) {
      const uint16_t first = (uint16_t)(listed.next - x);
      collect(&listed, &window);
      if (window.sum == 0) continue;
      total += listed.is_below ? -(uint32_t)window.sum : window.sum;
      add_window(&window, weights, first, inputs, outputs, acc, parts, listed.is_below);
    }
    if (!listed.has_others || listed.is_below) break;
    listed.next = x;
    listed.is_below = 1;
  }
  const uint32_t base = total * (uint32_t)(int32_t)offset;
  finish(acc, outputs, scale_log2, base, listed.mode, row_sums);
}
