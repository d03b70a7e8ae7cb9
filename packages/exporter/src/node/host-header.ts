// What the host program makes of a header above rows of numbers: names of other columns, or in another order, are refused.
import { visibleText } from '@bitnetmcu/models/internal';
import { cString } from '../c/c-text.js';

/** Longer headers are not compared, and said to be so. */
const HEADER_BYTES = 4096;

/**
 * C: `keep_header(int c)` takes the first line character by character, `check_header()` gives 0 where its names are the model's at their places,
 * or none of them, and else 2, after it has said which is out of place.
 * @param names of the columns, in the model's order
 */
export function headerCheck(names: readonly string[]): string {
  return `static const char *const columns[] = { ${names.map(cString).join(', ')} };
static const char *const shown[] = { ${names.map((name) => cString(visibleText(name))).join(', ')} };
static char header[${HEADER_BYTES}];
static size_t header_length;

static void keep_header(int c)
{
  if (header_length < sizeof header) header[header_length++] = (char)c;
}

/* The number of the column with a name, ${names.length} where there is none. */
static size_t column_named(const char *name, size_t length)
{
  while (length != 0 && (*name == ' ' || *name == '"')) name++, length--;
  while (length != 0 && strchr(" \\"\\r", name[length - 1]) != 0) length--;
  size_t column = 0;
  while (column < ${names.length} && (strlen(columns[column]) != length || memcmp(columns[column], name, length) != 0)) column++;
  return column;
}

/* The first line is text. Returns 2 where it names the model's columns at other places. */
static int check_header(void)
{
  if (header_length == sizeof header) {
    fprintf(stderr, "line 1 is longer than ${HEADER_BYTES} characters: taken as a header, its names are not compared\\n");
    return 0;
  }
  const char separator = memchr(header, ';', header_length) != 0 ? ';' : memchr(header, '\\t', header_length) != 0 ? '\\t' : ',';
  size_t known = 0, place = 0;
  for (size_t from = 0; from <= header_length; place++) {
    size_t to = from;
    for (int quoted = 0; to < header_length && (quoted || header[to] != separator); to++) quoted ^= header[to] == '"';
    const size_t column = column_named(header + from, to - from);
    if (column < ${names.length} && column != place) {
      fprintf(stderr, "line 1: column %lu is '%s', which is number %lu here; wanted in this order:", (unsigned long)place + 1ul, shown[column], (unsigned long)column + 1ul);
      for (size_t i = 0; i < ${names.length}; i++) fprintf(stderr, "%s %s", i == 0 ? "" : ",", shown[i]);
      fprintf(stderr, "\\n");
      return 2;
    }
    known += column < ${names.length};
    from = to + 1;
  }
  if (known == place && known == ${names.length}) return 0;
  fprintf(stderr, known == 0 ? "line 1 is no row of numbers: taken as a header\\n" : "line 1 names %lu of ${names.length} columns: taken as a header\\n", (unsigned long)known);
  return 0;
}

`;
}
