/* The two functions that GCC calls for copies and initial values, for programs without a C library. */
#include <stddef.h>

/* GCC must not turn the loops below into calls of themselves. */
#define NO_CALLS __attribute__((optimize("no-tree-loop-distribute-patterns")))

NO_CALLS void *memcpy(void *restrict to, const void *restrict from, size_t bytes) {
  char *t = to;
  const char *f = from;
  while (bytes-- > 0) *t++ = *f++;
  return to;
}

NO_CALLS void *memset(void *to, int value, size_t bytes) {
  char *t = to;
  while (bytes-- > 0) *t++ = (char)value;
  return to;
}
