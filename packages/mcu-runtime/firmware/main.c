/* The program: your own takes its place. */
#include "board.h"
#include "self_test.h"

int main(void) {
  board_start();
  self_test();
  return 0;
}
