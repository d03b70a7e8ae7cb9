/* Windows of 3x3 whose sums are added to int32. Interface: bnm_planes_avr.h. */
#include "bnm_windows3x3_avr.h"

  .macro BNM_USE_SUM
#if defined(BNM_SMALL_SUMS)
  mov r4, r3
  lsl r4
  sbc r4, r4
  mov r5, r4
#else
  mov r5, r4
  lsl r5
  sbc r5, r5
#endif
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
