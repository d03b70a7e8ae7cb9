/* Lists of values, found and wanted. */
#ifndef EXPECT_H
#define EXPECT_H

#include <stdint.h>
#include <stdio.h>

static int failures;

static void expect(const char *what, const int32_t *found, const int32_t *wanted, unsigned n) {
  for (unsigned i = 0; i < n; i++) {
    if (found[i] == wanted[i]) continue;
    printf("%s[%u]: %ld found, %ld wanted\n", what, i, (long)found[i], (long)wanted[i]);
    failures++;
  }
}

static void expect_i8(const char *what, const int8_t *found, const int32_t *wanted, unsigned n) {
  int32_t wide[64];
  bnm_widen(found, (uint16_t)n, wide);
  expect(what, wide, wanted, n);
}

#define LIST(...) ((const int32_t[]){__VA_ARGS__})
#define COUNT(list) (unsigned)(sizeof(list) / sizeof(list)[0])
#define EXPECT(what, found, ...) expect(what, found, LIST(__VA_ARGS__), COUNT(LIST(__VA_ARGS__)))
#define EXPECT_I8(what, found, ...) expect_i8(what, found, LIST(__VA_ARGS__), COUNT(LIST(__VA_ARGS__)))

#endif
