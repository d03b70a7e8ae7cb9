/* Moves the windows of all channels on. Interface: bnm_stream.h. */
#include "bnm_stream.h"

void bnm_slide_windows(int8_t *windows, uint16_t channels, uint16_t window, uint16_t hop) {
  for (; channels != 0; channels--) {
    int8_t *const end = windows + window;
    for (const int8_t *from = windows + hop; from != end; from++) *windows++ = *from;
    windows = end;
  }
}
