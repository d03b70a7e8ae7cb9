// Numbers with exponents in rows that the host program reads: rewritten with the point moved, for what reads rows on devices takes none.

/** Beyond, a number is none. Of float32 they are −45 to 38, of float64 −324 to 308. */
const MOST_EXPONENT = 400;
/** Longer numbers are read without an exponent. */
const NUMBER_CHARACTERS = 64;

/**
 * C: `add_character(row, c)` is `bnm_row_add` that takes `1.5e-3` as `0.0015`, to the digit. Numbers come whole, with the character behind them;
 * what is no number with an exponent goes on as it came.
 */
export const ADD_CHARACTER = `/* Gives the digits of a number without its exponent; what has none, or is no number, as it is. */
static void add_number(bnm_row *row, const char *number, size_t length)
{
  size_t at = length != 0 && (number[0] == '-' || number[0] == '+'), digits = 0, point = 0, end;
  int has_point = 0;
  for (end = at; end < length; end++) {
    if (number[end] == '.' && !has_point) has_point = 1;
    else if (number[end] < '0' || number[end] > '9') break;
    else if (digits++, !has_point) point++;
  }
  size_t exponent_at = end + 1;
  const int is_small = exponent_at < length && number[exponent_at] == '-';
  if (exponent_at < length && (number[exponent_at] == '-' || number[exponent_at] == '+')) exponent_at++;
  long exponent = 0;
  int is_number = digits != 0 && end < length && (number[end] == 'e' || number[end] == 'E') && exponent_at < length;
  for (size_t i = exponent_at; i < length; i++) {
    if (number[i] < '0' || number[i] > '9') is_number = 0;
    else if (exponent <= ${MOST_EXPONENT}) exponent = 10 * exponent + (number[i] - '0');
  }
  if (!is_number || exponent > ${MOST_EXPONENT}) {
    for (size_t i = 0; i < length; i++) (void)bnm_row_add(row, number[i]);
    return;
  }
  if (at != 0) (void)bnm_row_add(row, number[0]);
  long before = (long)point + (is_small ? -exponent : exponent);
  if (before <= 0) {
    (void)bnm_row_add(row, '0');
    (void)bnm_row_add(row, '.');
    for (long zeros = before; zeros < 0; zeros++) (void)bnm_row_add(row, '0');
    before = -1;
  }
  for (; at < end; at++) {
    if (number[at] == '.') continue;
    if (before-- == 0) (void)bnm_row_add(row, '.');
    (void)bnm_row_add(row, number[at]);
  }
  for (; before > 0; before--) (void)bnm_row_add(row, '0');
}

static bnm_row_state add_character(bnm_row *row, char c)
{
  static char number[${NUMBER_CHARACTERS}];
  static size_t length;
  static int is_long;
  const int is_part = c != 0 && strchr("0123456789+-.eE", c) != 0;
  if (is_part && !is_long && length < sizeof number) {
    number[length++] = c;
    return BNM_ROW_MORE;
  }
  if (is_part) {
    for (size_t i = 0; i < length; i++) (void)bnm_row_add(row, number[i]);
    is_long = 1;
  } else {
    add_number(row, number, length);
    is_long = 0;
  }
  length = 0;
  return bnm_row_add(row, c);
}

`;
