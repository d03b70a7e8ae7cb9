// What the host program makes of a header above rows of numbers: names of other columns, or in another order, are refused.
import { visibleText } from '@bitnetmcu/models/internal';
import { cString } from '../c/c-text.js';

/** Longer headers are not compared, and said to be so; twice the names with quotes and separators are shorter in any case. */
const LEAST_HEADER_BYTES = 4096;

/** What the program takes for a number. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

export interface HeaderCheck {
  /** C of `keep_header`, `forget_header`, `check_header` and, where rows of numbers may be headers, `check_numbers`. */
  readonly functions: string;
  /** Whether all names are numbers, so that a header is a row of numbers. */
  readonly areNumbers: boolean;
}

/**
 * C: `keep_header(c)` takes a line character by character, `forget_header()` begins another one. `check_header(line, remark)` says what is found
 * of a line that is no row: 0 a header, 1 a remark, 2 a refusal, told. `check_numbers(line)` says so of a row: 0 the header, 1 a row, 2 a refusal.
 * Cells are parted by semicolons, tabs, commas or white space, whichever gives most names; quotes around a cell hide separators, two in them are one.
 * Names are the same where they are so to the byte, else without blanks around, else in any case (of ASCII); each is looked for at its own place first.
 * @param names of the columns, in the model's order
 */
export function headerCheck(names: readonly string[]): HeaderCheck {
  const areNumbers = names.every((name) => NUMBER.test(name.trim()));
  const bytes = names.reduce((sum, name) => sum + Buffer.byteLength(name) + 4, 0);
  const room = Math.max(LEAST_HEADER_BYTES, 2 * bytes);
  return {
    areNumbers,
    functions: `enum { COLUMNS = ${names.length} };
static const char *const columns[] = { ${names.map(cString).join(', ')} };
static const char *const shown[] = { ${names.map((name) => cString(visibleText(name))).join(', ')} };
static char header[${room}], cell[${room}];
static size_t header_length, cell_length;

static void keep_header(int c)
{
  if (header_length < sizeof header) header[header_length++] = (char)c;
}

static void forget_header(void)
{
  header_length = 0;
}

${CELLS}${READING}${areNumbers ? CHECK_NUMBERS : ''}`,
  };
}

const CELLS = `static int is_blank(char c)
{
  return c == ' ' || c == '\\t';
}

/* Space: any white space. */
static int is_separator(char c, char separator)
{
  return c == separator || (separator == ' ' && is_blank(c));
}

/* Reads the cell at a place of the header. Gives the place behind it; *open: whether its quotes do not end. */
static size_t read_cell(size_t at, char separator, int *open)
{
  size_t quote = at;
  cell_length = 0;
  while (quote < header_length && is_blank(header[quote]) && !is_separator(header[quote], separator)) quote++;
  if (quote < header_length && header[quote] == '"') {
    int closed = 0;
    for (at = quote + 1; at < header_length; at++) {
      if (header[at] == '"' && (++at == header_length || header[at] != '"')) {
        closed = 1;
        break;
      }
      cell[cell_length++] = header[at];
    }
    *open |= !closed;
    while (at < header_length && is_blank(header[at]) && !is_separator(header[at], separator)) at++;
  }
  while (at < header_length && !is_separator(header[at], separator)) cell[cell_length++] = header[at++];
  return at;
}

static char lower(char c)
{
  return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* Whether the cell is a column's name. how: 0 to the byte, 1 without blanks around both, 2 in any case besides. */
static int is_name(size_t column, int how)
{
  const char *name = columns[column], *own = cell;
  size_t length = strlen(name), left = cell_length;
  if (how > 0) {
    while (length != 0 && is_blank(*name)) name++, length--;
    while (length != 0 && is_blank(name[length - 1])) length--;
    while (left != 0 && is_blank(*own)) own++, left--;
    while (left != 0 && is_blank(own[left - 1])) left--;
  }
  if (length != left) return 0;
  if (how < 2) return memcmp(name, own, length) == 0;
  for (; length != 0; length--) if (lower(*name++) != lower(*own++)) return 0;
  return 1;
}

/* The column that the cell at a place names, COLUMNS where it names none. */
static size_t column_of(size_t place)
{
  for (int how = 0; how < 3; how++) {
    if (place < COLUMNS && is_name(place, how)) return place;
    for (size_t column = 0; column < COLUMNS; column++) if (is_name(column, how)) return column;
  }
  return COLUMNS;
}

`;

const READING = `typedef struct {
  size_t places;   /* cells */
  size_t known;    /* names of columns among them */
  size_t distinct; /* columns that are named */
  size_t wrong;    /* number of the first name that is out of place, from 1; 0: none */
  size_t column;   /* which it is */
  int open;        /* quotes that do not end */
  size_t numbers;  /* cells that begin as numbers do */
} header_reading;

static int begins_as_number(void)
{
  size_t i = 0;
  while (i < cell_length && is_blank(cell[i])) i++;
  if (i < cell_length && (cell[i] == '+' || cell[i] == '-')) i++;
  if (i < cell_length && cell[i] == '.') i++;
  return i < cell_length && cell[i] >= '0' && cell[i] <= '9';
}

static header_reading read_header(size_t at, char separator)
{
  static unsigned char named[COLUMNS];
  header_reading found = {0, 0, 0, 0, 0, 0, 0};
  memset(named, 0, sizeof named);
  do {
    if (separator == ' ') while (at < header_length && is_blank(header[at])) at++;
    if (separator == ' ' && at == header_length && found.places != 0) break;
    at = read_cell(at, separator, &found.open);
    if (begins_as_number()) found.numbers++;
    const size_t column = column_of(found.places++);
    if (column == COLUMNS) continue;
    found.known++;
    if (!named[column]) found.distinct++;
    named[column] = 1;
    if (column + 1 != found.places && found.wrong == 0) {
      found.wrong = found.places;
      found.column = column;
    }
  } while (at++ < header_length);
  return found;
}

/* With the separator that gives most names. */
static header_reading best_reading(size_t from)
{
  static const char separators[] = {';', '\\t', ',', ' '};
  const int is_parted = memchr(header + from, ';', header_length - from) != 0 || memchr(header + from, ',', header_length - from) != 0;
  header_reading best = read_header(from, ',');
  for (size_t i = 0; i < sizeof separators; i++) {
    const header_reading found = read_header(from, separators[i]);
    /* Words of names are no names. */
    if (separators[i] == ' ' && is_parted && found.places != COLUMNS && found.places != found.known) continue;
    if (found.known > best.known) best = found;
  }
  return best;
}

/* As many cells as columns, some of them numbers and none of them a name: a row with a bad cell. */
static int is_bad_row(void)
{
  static const char separators[] = {';', '\\t', ',', ' '};
  for (size_t i = 0; i < sizeof separators; i++) {
    const header_reading found = read_header(0, separators[i]);
    if (found.places == COLUMNS && found.numbers != 0) return 1;
  }
  return 0;
}

static int has_all(header_reading found)
{
  return found.places == COLUMNS && found.distinct == COLUMNS;
}

/* Names that are all there, and nothing else, at their own places or not. */
static int refuse_order(unsigned long line, header_reading found, const char *advice)
{
  fprintf(stderr, "line %lu: column %lu is '%s', which is number %lu here; wanted in this order:", line, (unsigned long)found.wrong, shown[found.column], (unsigned long)found.column + 1ul);
  for (size_t i = 0; i < COLUMNS; i++) fprintf(stderr, "%s %s", i == 0 ? "" : ",", shown[i]);
  fprintf(stderr, "%s\\n", advice);
  return 2;
}

static int check_header(unsigned long line, int remark)
{
  if (header_length == sizeof header) {
    if (remark) return 1;
    fprintf(stderr, "line %lu is longer than %lu characters: taken as a header, its names are not compared\\n", line, (unsigned long)sizeof header);
    return 0;
  }
  header_reading found = best_reading(0);
  if (remark && !has_all(found)) {
    /* Some programs write a header as a remark. */
    found = best_reading((size_t)((const char *)memchr(header, '#', header_length) - header) + 1);
    if (!has_all(found)) return 1;
  }
  if (found.wrong != 0) return refuse_order(line, found, "");
  if (found.open) {
    fprintf(stderr, "line %lu ends within quotes; wanted: the names of all columns in one line, or no header\\n", line);
    return 2;
  }
  if (found.known == 0 && !remark && is_bad_row()) {
    fprintf(stderr, "line %lu is neither a row of numbers nor the names of the columns; wanted: one of them\\n", line);
    return 2;
  }
  if (found.known == 0) fprintf(stderr, "line %lu is no row of numbers: taken as a header, none of whose names is one of the model's\\n", line);
  else if (found.distinct == COLUMNS && found.places != COLUMNS) fprintf(stderr, "line %lu has %lu cells, among them all %lu names: taken as a header; rows have %lu\\n", line, (unsigned long)found.places, (unsigned long)COLUMNS, (unsigned long)COLUMNS);
  else if (!has_all(found)) fprintf(stderr, "line %lu names %lu of %lu columns: taken as a header\\n", line, (unsigned long)found.distinct, (unsigned long)COLUMNS);
  /* Names in a remark are right; those of a header may follow. */
  return remark;
}

`;

const CHECK_NUMBERS = `static int check_numbers(unsigned long line)
{
  const header_reading found = best_reading(0);
  if (header_length == sizeof header || !has_all(found)) return 1;
  if (found.wrong != 0) return refuse_order(line, found, ". If it is a row, put their names above it");
  fprintf(stderr, "line %lu has the names of the columns: taken as a header. If it is a row, put their names above it\\n", line);
  return 0;
}

`;
