// What firmware of a model with raw values does behind its self-test: it reads rows of numbers from the serial port, and answers.
import type { Task } from '@bitnetmcu/models/internal';
import type { CExport } from '../c/export-c.js';
import type { RawLayout } from '../c/raw-input/index.js';
import { unknownValue } from '../unknown-value.js';
import { PRINT_NUMBER } from './print-number.js';

/** The whole `main.c`. */
export function rowsMain(exported: CExport, layout: RawLayout): string {
  return `/*
 * The program: your own takes its place. Behind the self-test it reads rows of numbers from the serial port, ${described(layout)},
 * and answers each. Send the next row when the answer to the last one is there: nothing is buffered. Ctrl-D ends it.
 * Compiled with BNM_SERIAL it also answers the commands of serial.h, and runs no self-test.
 */
#include "${exported.name}.h"
#include "bnm_row.h"
#include "board.h"
#ifdef BNM_SERIAL
#include "serial.h"
#else
#include "self_test.h"
#endif

${rowsFunctions(exported, layout)}
int main(void) {
  board_start();
#ifdef BNM_SERIAL
  serial(take);
#else
  self_test();
  for (char character = board_read(); character != BOARD_END; character = board_read()) take(character);
#endif
  return 0;
}
`;
}

function described({ read: { values, step } }: RawLayout): string {
  return step === undefined ? `${values} in each` : `${step} in each, a time step`;
}

/** Definitions up to `take(char)`, in C and C++; they want `board_write`. */
export function rowsFunctions({ name, sizes, task }: CExport, { read }: RawLayout): string {
  const { step } = read;
  const M = name.toUpperCase();
  const [wanted, runs] = step === undefined ? [read.values, read.run] : [step, 1];
  const isFloat = read.type === 'f32';
  return `static const uint8_t decimals[] BNM_PROGMEM = ${M}_DECIMALS;
static ${name}_value values[${wanted}];
${isFloat ? `static int32_t integers[${wanted}];\n` : ''}static bnm_row row = {${isFloat ? 'integers' : 'values'}, decimals, ${wanted}, ${runs}, ${isFloat ? 'BNM_RAW_I32' : `${M}_VALUE_TYPE`}, 0, 0, 0, 0, 0, 0, 0};

static void print(const char *text) {
  while (*text != 0) board_write(*text++);
}

${printer(task)}/* One character of a row. */
static void take(char character) {
  const bnm_row_state state = bnm_row_add(&row, character);
  if (state == BNM_ROW_MORE) return;
  if (state != BNM_ROW_READY) {
#ifdef BNM_SERIAL
    print("\\r\\nerror\\r\\n");
#else
    print("\\r\\nwanted: ${wanted} numbers");
#endif
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
  step === undefined
    ? `${answer(task, name, sizes.outputs, false)}
#ifdef BNM_SERIAL
  ${name}_quantize_raw(values, serial_input());
  serial_logits();
#endif`
    : `  const int found = ${name}_push(values);
  if (found < 0) {
    /* Taken; no window is complete. */
    board_write('.');
    return;
  }
${answer(task, name, sizes.outputs, true)}`
}
}
`;
}

/** Statements that answer the raw sample `values`, or a complete window, of which `found` is what the network decides. */
function answer(task: Task, name: string, outputs: number, streams: boolean): string {
  switch (task) {
    case 'classification':
      return printed('class', streams ? 'found' : `${name}_classify_raw(values)`);
    case 'anomaly':
      return printed('anomaly', streams ? 'found' : `${name}_is_anomaly_raw(values)`);
    case 'regression':
      return outputs === 1
        ? `  print("\\r\\nvalue ");\n  print_value(${streams ? `${name}_push_values()` : `${name}_predict_raw(values)`});`
        : `  static int32_t answers[${outputs}];
  ${streams ? `${name}_push_values(answers)` : `${name}_predict_raw(values, answers)`};
${printedValues('values', outputs)}`;
    case 'multiLabel':
      return `  const uint32_t answers = ${streams ? `${name}_push_labels()` : `${name}_labels_raw(values)`};
  print("\\r\\nlabels ");
  for (unsigned i = 0; i < ${outputs}; i++) board_write((answers >> i & 1u) != 0 ? '1' : '0');`;
    default:
      throw unknownValue('task', task);
  }
}

function printed(what: string, value: string): string {
  return `  print("\\r\\n${what} ");\n  print_number((unsigned)${value});`;
}

function printedValues(what: string, outputs: number): string {
  return `  print("\\r\\n${what}");
  for (unsigned i = 0; i < ${outputs}; i++) {
    board_write(' ');
    print_value(answers[i]);
  }`;
}

/** The function that the task's answer is printed by; with BNM_SERIAL there is one already. */
function printer(task: Task): string {
  if (task === 'multiLabel') return '';
  const [name, decimal, definition] =
    task === 'regression'
      ? ['print_value', 'decimal_signed', PRINT_VALUE]
      : ['print_number', 'decimal_unsigned', PRINT_NUMBER];
  return `#ifdef BNM_SERIAL
#include "decimal.h"
#define ${name} ${decimal}
#else
${definition}#endif

`;
}

const PRINT_VALUE = `/* In decimals, the unit as the header says. */
static void print_value(int32_t value) {
  static const uint32_t powers[] BNM_PROGMEM = {1000000000u, 100000000u, 10000000u, 1000000u, 100000u, 10000u, 1000u, 100u, 10u, 1u};
  uint32_t rest = (uint32_t)value;
  uint8_t shown = 0;
  if (value < 0) {
    board_write('-');
    rest = 0u - rest;
  }
  for (uint8_t i = 0; i < 10; i++) {
    const uint32_t power = (uint32_t)bnm_read_i32(&powers[i]);
    char digit = '0';
    for (; rest >= power; rest -= power) digit++;
    if (digit != '0' || i == 9) shown = 1;
    if (shown) board_write(digit);
  }
}
`;
