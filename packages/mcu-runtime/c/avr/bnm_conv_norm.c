#include "bnm_fast.h"
void bnm_conv_norm(const bnm_conv_norm_layer *layer, const int8_t *x, void *scratch, int8_t *y) {(void)layer;(void)x;(void)scratch;(void)y;}
