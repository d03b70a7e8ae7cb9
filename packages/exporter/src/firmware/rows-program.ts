// What firmware of a model with raw values does behind its self-test: it reads rows of numbers from the serial port, and answers.
import type { CExport } from '../c/export-c.js';
import type { RawLayout } from '../c/raw-input/index.js';

/** The whole `main.c`. */
export function rowsMain(exported: CExport, layout: RawLayout): string {
  return `/*
 * The program: your own takes its place. Behind the self-test it reads rows of numbers from the serial port, ${described(exported, layout)},
 * and answers each with its class. Send the next row when the answer to the last one is there: nothing is buffered. Ctrl-D ends it.
 */
#include "${exported.name}.h"
#include "bnm_row.h"
#include "board.h"
#include "self_test.h"

${rowsFunctions(exported, layout)}
int main(void) {
  board_start();
  self_test();
  for (char character = board_read(); character != BOARD_END; character = board_read()) take(character);
  return 0;
}
`;
}

function described({ sizes }: CExport, { features, stream }: RawLayout): string {
  return stream === undefined ? `${sizes.inputs} in each` : `${features} in each, a time step`;
}

/** Definitions up to `take(char)`, in C and C++; they want `board_write`. */
export function rowsFunctions({ name, sizes }: CExport, { raw, features, run, stream }: RawLayout): string {
  const M = name.toUpperCase();
  const [wanted, runs] = stream === undefined ? [sizes.inputs, run] : [features, 1];
  const isFloat = raw.type === 'f32';
  return `static const uint8_t decimals[] BNM_PROGMEM = ${M}_DECIMALS;
static ${name}_value values[${wanted}];
${isFloat ? `static int32_t integers[${wanted}];\n` : ''}static bnm_row row = {${isFloat ? 'integers' : 'values'}, decimals, ${wanted}, ${runs}, ${isFloat ? 'BNM_RAW_I32' : `${M}_VALUE_TYPE`}, 0, 0, 0, 0, 0, 0, 0};

static void print(const char *text) {
  while (*text != 0) board_write(*text++);
}

/* Without a division, which the smallest cores do not have. */
static void print_number(unsigned value) {
  unsigned tens = 0;
  for (; value >= 10; value -= 10) tens++;
  if (tens != 0) print_number(tens);
  board_write((char)('0' + value));
}

/* One character of a row. */
static void take(char character) {
  const bnm_row_state state = bnm_row_add(&row, character);
  if (state == BNM_ROW_MORE) return;
  if (state != BNM_ROW_READY) {
    print("\\r\\nwanted: ${wanted} numbers");
    return;
  }
${
  isFloat
    ? `  for (unsigned i = 0; i < ${wanted}; i++) {
    float scale = 1;
    for (uint8_t places = bnm_read_u8(&decimals[i / ${runs}]); places != 0; places--) scale *= 10;
    values[i] = (float)integers[i] / scale;
  }
`
    : ''
}${
  stream === undefined
    ? `  const int found = ${name}_classify_raw(values);`
    : `  const int found = ${name}_push(values);
  if (found < 0) {
    /* Taken; no window is complete. */
    board_write('.');
    return;
  }`
}
  print("\\r\\nclass ");
  print_number((unsigned)found);
}
`;
}
