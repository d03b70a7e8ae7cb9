/* Adds the sums of windows of 3x3 to int32; 12 cycles a product. Interface: bnm_planes_avr.h. */
#include "bnm_add_windows3x3_avr.h"

BNM_WINDOWS3X3 bnm_add_windows3x3
