/* QEMU's machine "sim" with the core of the ESP8266: characters and the end through its simulator calls. */
#include "board.h"
#include "self_test.h"

#include <stddef.h>

enum { EXIT = 1, WRITE = 4, STANDARD_OUTPUT = 1 };

static void simulator_call(int number, int first, int second, int third) {
  register int a2 __asm__("a2") = number;
  register int a3 __asm__("a3") = first;
  register int a4 __asm__("a4") = second;
  register int a5 __asm__("a5") = third;
  __asm__ volatile("simcall" : "+r"(a2), "+r"(a3) : "r"(a4), "r"(a5) : "memory");
}

void board_write(char character) {
  simulator_call(WRITE, STANDARD_OUTPUT, (int)&character, 1);
}

/* What the compiler calls for copies and initial values. */
__attribute__((optimize("no-tree-loop-distribute-patterns"))) void *memcpy(void *to, const void *from, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) ((char *)to)[i] = ((const char *)from)[i];
  return to;
}

__attribute__((optimize("no-tree-loop-distribute-patterns"))) void *memset(void *to, int value, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) ((char *)to)[i] = (char)value;
  return to;
}

int main(void) {
  self_test();
  simulator_call(EXIT, 0, 0, 0);
  return 0;
}
