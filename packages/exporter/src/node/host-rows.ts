// The part of the host program that reads rows of numbers, for a model with raw values.
import { type Task, visibleText } from '@bitnetmcu/models/internal';
import { cString } from '../c/c-text.js';
import type { CExport } from '../c/export-c.js';
import type { RawLayout } from '../c/raw-input/index.js';
import { headerCheck } from './host-header.js';
import { ADD_CHARACTER } from './host-numbers.js';

export interface HostRows {
  /** Lines for the comment at the top. */
  readonly usage: string;
  readonly functions: string;
  /** The first statements of `main`. */
  readonly start: string;
}

const SHOWN_NAMES = 20;
/** After so many wrong rows it is the file that is wrong. */
const MOST_WRONG = 10;

const TAKEN = `fprintf(stderr, "line %lu is no row of numbers: taken as a header, its names are not compared\\n", line);`;

/** Numbers are read without floating point, as on the device; only f32 models get floats made of them. */
export function hostRows(exported: CExport, layout: RawLayout): HostRows {
  const { name } = exported;
  const { type, values, run, step: stepValues } = layout.read;
  const M = name.toUpperCase();
  const names = layout.read.names.slice(0, SHOWN_NAMES).map(visibleText);
  const listed = `${names.join(', ')}${layout.read.names.length > SHOWN_NAMES ? ', ...' : ''}`;
  const whole = `${values} numbers: ${run === 1 ? listed : `${run} time steps of ${listed}, channel after channel`}`;
  const step = `${stepValues} numbers: ${listed}`;
  // A column a name, and not one for each moment of a window.
  const isNamed = layout.read.names.length === (stepValues ?? values);
  const check = isNamed ? headerCheck(layout.read.names) : undefined;
  const usage =
    stepValues === undefined
      ? ` *   program < rows                 class and logits of every row: ${values} numbers
`
      : ` *   program < rows                 a row is a time step, ${stepValues} numbers: the smoothed class wherever a window is complete, and its logits
 *   program --windows < rows       a row is a window, ${values} numbers, channel after channel: its class and logits
`;
  return {
    usage: `${usage} *   program --binary < samples     samples of int8; logits as int32 in this machine's byte order
 *
 * rows: lines of numbers as in the header ${name}.h, with points for decimals, parted by commas, semicolons, spaces or tabs.
 * Blank lines and those that begin with # are passed over. The first other line may name the columns${
   isNamed
     ? `: names at other places are refused${stepValues === undefined ? '' : ', but with\n * --windows, which compares no names'}`
     : '; the names are not compared'
 }.
`,
    functions: `static const uint8_t decimals[] BNM_PROGMEM = ${M}_DECIMALS;
static ${name}_value values[${values}];
${type === 'f32' ? `static int32_t integers[${values}];\n` : ''}
${answerFunctions(exported, stepValues !== undefined)}
${check?.functions ?? ''}${ADD_CHARACTER}/* Answers every row; 2 where one is wrong. The first may be a header. */
static int read_rows(int windows)
{
  bnm_row row = {0};
  row.values = ${type === 'f32' ? 'integers' : 'values'};
  row.decimals = decimals;
  row.wanted = ${stepValues === undefined ? `${values}` : `windows ? ${values} : ${stepValues}`};
  row.run = ${stepValues === undefined ? `${run}` : `windows ? ${run} : 1`};
  row.type = ${type === 'f32' ? 'BNM_RAW_I32' : `${M}_VALUE_TYPE`};
  unsigned long line = 1;
  unsigned wrong = 0, mark = 0;
  /* No row and no header came yet; the line is not blank; it is a remark. */
  int first = 1, begun = 0, remark = 0;
  int last = '\\n';
  for (int c = getchar(); c != EOF || last != '\\n'; c = getchar()) {
    /* The byte order mark of UTF-8. */
    static const int bom[] = { 0xef, 0xbb, 0xbf };
    if (mark < 3 && c == bom[mark]) {
      mark++;
      continue;
    }
    mark = 3;
    last = c == EOF ? '\\n' : c;
    const int is_end = last == '\\n' || last == '\\r';
    if (!begun && !is_end && last != ' ' && last != '\\t') {
      begun = 1;
      remark = last == '#';
    }
${isNamed ? `    if (first && !is_end) keep_header(last);\n` : ''}    const bnm_row_state state = add_character(&row, (char)last);
${
  check?.areNumbers
    ? `    const int names = state == BNM_ROW_READY && first && !windows ? check_numbers(line) : 1;
    if (names == 2) return 2;
    if (names == 0) first = 0;
    else if (state == BNM_ROW_READY) {
`
    : `    if (state == BNM_ROW_READY) {
`
}${
  type === 'f32'
    ? `      for (size_t i = 0; i < row.wanted; i++) {
        double scale = 1;
        for (uint8_t places = decimals[i / row.run]; places != 0; places--) scale *= 10;
        values[i] = (float)(integers[i] / scale);
      }
`
    : ''
}      first = 0;
      const int found = answer(windows);
      if (found >= 0) print_answer(line, found, windows);
    } else if (state == BNM_ROW_TEXT && (first || remark)) {
${
  isNamed
    ? `      const int names = !first ? 1 : windows ? remark : check_header(line, remark);
      if (names == 2) return 2;
      if (windows && names == 0) ${TAKEN}
      if (names == 0) first = 0;
`
    : `      if (!remark) ${TAKEN}
      if (!remark) first = 0;
`
}    } else if (state != BNM_ROW_MORE) {
      first = 0;
      if (state == BNM_ROW_TEXT) fprintf(stderr, "line %lu: value %u is no number", line, (unsigned)row.count + 1u);
      else fprintf(stderr, "line %lu: %u numbers found", line, (unsigned)row.count);
      fprintf(stderr, "; wanted: %s\\n", ${stepValues === undefined ? cString(whole) : `windows ? ${cString(whole)} : ${cString(step)}`});
      if (++wrong == ${MOST_WRONG}u) {
        fprintf(stderr, "${MOST_WRONG} rows are wrong: the others are not read\\n");
        break;
      }
    }
    if (is_end) {
      begun = remark = 0;
${isNamed ? '      forget_header();\n' : ''}    }
    if (last == '\\n') line++;
    if (c == EOF) break;
  }
  return wrong != 0 ? 2 : 0;
}

`,
    start: `  if (argc == 1) return read_rows(0);
${stepValues === undefined ? '' : '  if (strcmp(argv[1], "--windows") == 0) return read_rows(1);\n'}`,
  };
}

/** `print_answer` and `answer`. */
function answerFunctions({ name, sizes, labels, task }: CExport, streams: boolean): string {
  const M = name.toUpperCase();
  const texts = labels.map((label) => cString(visibleText(label)));
  const classes =
    texts.length > 1
      ? `  static const char *const names[] = { ${texts.join(', ')} };
  printf("line %lu: class %d (%s), logits", line, found, names[found]);`
      : `  printf("line %lu: class %d, logits", line, found);`;
  const logits = `  for (size_t o = 0; o < ${M}_OUTPUTS; o++) printf(" %ld", (long)logits[o]);
  printf("\\n");`;
  return `static void print_answer(unsigned long line, int found, int windows)
{
  (void)windows;
${task === 'classification' ? `${classes}\n${logits}` : taskAnswer(name, task, sizes.outputs, streams)}
}

static int answer(int windows)
{
${
  streams
    ? `  if (windows) return ${name}_infer_raw(values, logits);
  const int found = ${name}_push(values);
  if (found >= 0) memcpy(logits, ${name}_push_logits(), sizeof logits);
  return found;`
    : `  (void)windows;
  return ${name}_infer_raw(values, logits);`
}
}

`;
}

/** Of a stream what its last window says, since one that slid away cannot be asked for once more. */
function taskAnswer(name: string, task: Task, outputs: number, streams: boolean): string {
  const M = name.toUpperCase();
  if (task === 'anomaly') return `  printf("line %lu: anomaly %d\\n", line, found);`;
  if (task === 'multiLabel') {
    const labels = `${name}_labels_raw(values)`;
    return `  (void)found;
  const uint32_t held = ${streams ? `windows ? ${labels} : ${name}_push_labels()` : labels};
  printf("line %lu: labels", line);
  for (unsigned i = 0; i < ${outputs}; i++) printf(" %u", (unsigned)(held >> i & 1u));
  printf("\\n");`;
  }
  const [before, after] = outputs === 1 ? ['predicted[0] = ', ''] : ['', 'predicted'];
  const whole = `${before}${name}_predict_raw(values${after && `, ${after}`});`;
  return `  static const unsigned char places[] = ${M}_VALUE_DECIMALS;
  int32_t predicted[${outputs}];
  (void)found;
  ${streams ? `if (windows) ${whole}\n  else ${before}${name}_push_values(${after});` : whole}
  printf("line %lu:", line);
  for (size_t i = 0; i < ${outputs}; i++) {
    double unit = 1;
    for (unsigned place = places[i]; place != 0; place--) unit *= 10;
    printf(" %.*f", (int)places[i], predicted[i] / unit);
  }
  printf("\\n");`;
}
