/* Rows of numbers, a character at a time. Interface: bnm_row.h. */
#include "bnm_row.h"

/* Flags. DROPPED: a digit behind the decimals was there. SPACED: behind a number and white space. */
enum { IN_NUMBER = 1, NEGATIVE = 2, DIGITS = 4, POINT = 8, DROPPED = 16, SPACED = 32, WRONG = 64, ENDED = 128 };

/* Beyond int32, whatever follows: clamped. */
#define LARGEST 0x80000000u

static uint32_t times_ten(uint32_t n) { return n >= 0x0ccccccdu ? LARGEST : (n << 3) + (n << 1); }

static void begin_number(bnm_row *row) {
  row->flags = IN_NUMBER;
  row->magnitude = 0;
  row->rest = 0;
  row->places = row->count < row->wanted ? bnm_read_u8(row->decimals + row->feature) : 0;
}

static void add_digit(bnm_row *row, uint8_t digit) {
  row->flags |= DIGITS;
  if ((row->flags & POINT) == 0 || row->places != 0) {
    row->magnitude = times_ten(row->magnitude) + digit;
    if (row->magnitude > LARGEST) row->magnitude = LARGEST;
    if ((row->flags & POINT) != 0) row->places--;
  } else if ((row->flags & DROPPED) == 0) {
    row->flags |= DROPPED;
    row->rest = digit > 5 ? 3 : digit == 5 ? 2 : digit != 0;
  } else if (digit != 0) {
    row->rest |= 1;
  }
}

static void store(const bnm_row *row, int32_t value) {
  if (row->type == BNM_RAW_U8) {
    ((uint8_t *)row->values)[row->count] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
  } else if (row->type == BNM_RAW_I16) {
    ((int16_t *)row->values)[row->count] = (int16_t)(value < -32768 ? -32768 : value > 32767 ? 32767 : value);
  } else {
    ((int32_t *)row->values)[row->count] = value;
  }
}

static void end_number(bnm_row *row) {
  const uint8_t flags = row->flags;
  uint32_t magnitude = row->magnitude;
  row->flags = (flags & DIGITS) != 0 ? 0 : WRONG;
  if (row->flags == WRONG) return;
  if (row->count < row->wanted) {
    for (; row->places != 0; row->places--) magnitude = times_ten(magnitude);
    if (magnitude < LARGEST && (row->rest == 3 || (row->rest == 2 && (magnitude & 1u) != 0))) magnitude++;
    if ((flags & NEGATIVE) != 0) store(row, magnitude >= LARGEST ? INT32_MIN : -(int32_t)magnitude);
    else store(row, magnitude >= LARGEST ? INT32_MAX : (int32_t)magnitude);
    if (++row->left == row->run) {
      row->left = 0;
      row->feature++;
    }
  }
  if (row->count != SIZE_MAX) row->count++;
}

static bnm_row_state end_row(bnm_row *row) {
  if (row->flags == WRONG) {
    row->flags = ENDED;
    return BNM_ROW_TEXT;
  }
  row->flags = ENDED;
  if (row->count == 0) return BNM_ROW_MORE;
  return row->count == row->wanted ? BNM_ROW_READY : BNM_ROW_NUMBERS;
}

bnm_row_state bnm_row_add(bnm_row *row, char character) {
  const uint8_t digit = (uint8_t)(character - '0');
  const uint8_t is_end = character == '\n' || character == '\r';
  const uint8_t is_space = is_end || character == ' ' || character == '\t';
  if ((row->flags & ENDED) != 0) {
    row->flags = 0;
    row->count = row->left = row->feature = 0;
  }
  if (row->flags == WRONG) return is_end ? end_row(row) : BNM_ROW_MORE;
  if (is_space || character == ',' || character == ';') {
    if ((row->flags & IN_NUMBER) != 0) {
      end_number(row);
      if (is_space && row->flags == 0) row->flags = SPACED;
    } else if (!is_space) {
      /* A separator behind another one, or at the beginning: a value is missing. */
      row->flags = row->flags == SPACED ? 0 : WRONG;
    }
    return is_end ? end_row(row) : BNM_ROW_MORE;
  }
  if ((row->flags & IN_NUMBER) == 0) {
    begin_number(row);
    if (character == '-') row->flags |= NEGATIVE;
    if (character == '-' || character == '+') return BNM_ROW_MORE;
  }
  if (digit <= 9) add_digit(row, digit);
  else if (character == '.' && (row->flags & POINT) == 0) row->flags |= POINT;
  else row->flags = WRONG;
  return BNM_ROW_MORE;
}
