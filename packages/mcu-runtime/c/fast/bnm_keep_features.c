/* Features on their way to the ShiftNorm over all channels. Interface: bnm_conv_chain.h. */
#include "bnm_conv_chain.h"
#include "bnm_hot.h"

BNM_COLD
unsigned bnm_keep_features(const int32_t *feature, unsigned count, uint8_t *y, uint8_t *exponent) {
  /* The highest bit of all is that of the maximum. */
  uint32_t rest = 0;
  for (unsigned i = 0; i < count; i++) rest |= (uint32_t)feature[i];
  rest >>= 7;
  unsigned shift = 0;
  for (; rest > 7; rest >>= 3) shift += 3;
  for (; rest != 0; rest >>= 1) shift++;
  const unsigned kept = shift == 0 ? 0 : shift - 1u;
  *exponent = (uint8_t)kept;
  for (unsigned i = 0; i < count; i++) y[i] = (uint8_t)(feature[i] >> kept);
  return shift;
}
