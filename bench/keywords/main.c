/* Takes a recording a value at a time, as from a microphone, and prints the last decision. PUSHES: how many values. */
#include "board.h"
#include "sound.h"
#include "words.h"

#define LENGTH (sizeof sound / sizeof *sound)

int main(void) {
  int last = -1;
  uint16_t at = 0;
  board_start();
  for (uint32_t i = 0; i < PUSHES; i++) {
    const int found = words_push(sound + at);
    if (found >= 0) last = found;
    if (++at == LENGTH) at = 0;
  }
  board_write((char)(last < 0 ? '-' : '0' + last));
  return 0;
}
