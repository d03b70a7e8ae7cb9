/* The blocks of the third convolution. Interface: bnm_conv_chain.h. */
#include "bnm_conv_chain.h"

const struct bnm_conv_place bnm_last_conv_blocks[BNM_CHAIN_FEATURES + 1] = {{0, 0}, {1, 4}, {6, 8}, {7, 12}, {0, 0}};
