/* ReLU and fixed right shift. Interface: bnm.h. */
#include "bnm.h"
#include "bnm_relu_then_shift.h"

void bnm_relu_shift(const int32_t *acc, uint16_t n, uint8_t shift, int32_t *y) {
  for (const int32_t *const end = acc + n; acc != end; acc++) *y++ = (int32_t)bnm_relu_then_shift(*acc, shift);
}
