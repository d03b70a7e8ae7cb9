/* Decimals without a division, which the smallest cores do not have. */
#if defined(BNM_SERIAL) || defined(BNM_CYCLES)
#include "decimal.h"

#include "bnm_memory.h"
#include "board.h"

static const uint32_t powers[] BNM_PROGMEM = {1000000000u, 100000000u, 10000000u, 1000000u, 100000u, 10000u, 1000u, 100u, 10u, 1u};

void decimal_unsigned(uint32_t number) {
  char shown = 0;
  for (const uint32_t *power = powers; power != powers + 10; power++) {
    const uint32_t unit = (uint32_t)bnm_read_i32(power);
    char digit = '0';
    for (; number >= unit; number -= unit) digit++;
    shown |= (char)(digit - '0');
    if (shown || unit == 1) board_write(digit);
  }
}

void decimal_signed(int32_t number) {
  uint32_t size = (uint32_t)number;
  if (number < 0) {
    board_write('-');
    size = 0u - size;
  }
  decimal_unsigned(size);
}
#endif
