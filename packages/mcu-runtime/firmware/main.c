/* The program: your own takes its place. Compiled with BNM_SERIAL it answers the commands of serial.h; else it runs the self-test. */
#include "board.h"
#ifdef BNM_SERIAL
#include "serial.h"
#else
#include "self_test.h"
#endif

int main(void) {
  board_start();
#ifdef BNM_SERIAL
  serial(0);
#else
  self_test();
#endif
  return 0;
}
