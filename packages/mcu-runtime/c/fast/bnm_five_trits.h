/*
 * Five outputs with weights -1, 0, 1, whose codes of an input are the trits of a byte: the fraction v / 3^5, rounded up. Times 3^(k + 1), what
 * stands above the point is the number of the first k + 1 trits, so that with
 *   prefix[k] = sum of d[i] * (number of the first k + 1 trits of i)
 * the sum for trit k alone is prefix[k] - 3 * prefix[k - 1].
 */
#ifndef BNM_FIVE_TRITS_H
#define BNM_FIVE_TRITS_H

#include "bnm_difference_list.h"

#ifndef __ASSEMBLER__

/*
 * item    at least one, up to `last`; offsets are those of rows, in bytes
 * column  the outputs' byte in the row of input 0
 */
void bnm_five_trits(const struct bnm_difference *item, const struct bnm_difference *last, const uint8_t *column, uint32_t *prefix);

#endif

#endif
