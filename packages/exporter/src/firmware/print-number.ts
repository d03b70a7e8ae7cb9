// A function of generated programs.

/** C: prints what is 0 or above in decimals, by `board_write`. */
export const PRINT_NUMBER = `/* Without a division, which the smallest cores do not have. */
static void print_number(unsigned value) {
  unsigned tens = 0;
  for (; value >= 10; value -= 10) tens++;
  if (tens != 0) print_number(tens);
  board_write((char)('0' + value));
}
`;
