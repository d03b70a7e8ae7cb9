/* The same for sums of 16 bits; 10 cycles a product. Interface: bnm_planes_avr.h. */
#define BNM_SMALL_SUMS 1
#include "bnm_add_windows3x3_avr.h"

BNM_WINDOWS3X3 bnm_add_small_windows3x3
