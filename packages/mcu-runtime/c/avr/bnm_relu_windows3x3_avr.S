/* ReLU and shift of the sums of windows of 3x3, to int16. Interface: bnm_planes_avr.h. */
#include "bnm_windows3x3_avr.h"

  .macro BNM_USE_SUM
  mov r16, r11
  sbrs r4, 7
  rjmp 6f
  clr r2
  clr r3
  rjmp 7f
5:
  lsr r4
  ror r3
  ror r2
6:
  dec r16
  brpl 5b
7:
  st X+, r2
  st X+, r3
  .endm

BNM_WINDOWS3X3 bnm_relu_windows3x3
