/* Adds the sums of windows of 3x3 to int32; 12 cycles a product. Interface: bnm_planes_avr.h. */
#include "bnm_windows3x3_avr.h"

  .macro BNM_USE_SUM
  mov r5, r4
  lsl r5
  sbc r5, r5
  ld r16, X
  add r16, r2
  st X+, r16
  ld r16, X
  adc r16, r3
  st X+, r16
  ld r16, X
  adc r16, r4
  st X+, r16
  ld r16, X
  adc r16, r5
  st X+, r16
  .endm

BNM_WINDOWS3X3 bnm_add_windows3x3
