/* Signals that come a time step at a time: the window that slides over them, and decisions that do not flicker. The memory is the caller's. */
#ifndef BNM_STREAM_H
#define BNM_STREAM_H

#include <stddef.h> /* size_t of offsets, here and in exported models */
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Drops the oldest `hop` values of each channel: what is left moves to the front.
 * windows   channels * window values, channel after channel
 * hop       0 … window */
void bnm_slide_windows(int8_t *windows, uint16_t channels, uint16_t window, uint16_t hop);

/* The class that has most of the last n decisions, this one among them; of several the one that was decided last.
 * votes     n values: decisions + 1, the latest first; all 0 (none yet) at the beginning
 * n         1 … 255 */
uint16_t bnm_vote(uint16_t *votes, uint8_t n, uint16_t decision);

/* The class with the largest exponential mean of decisions, each with the weight 2^-shift:
 * s = s + ((32767 of the class decided, 0 of others) - s >> shift).
 * scores    one a class, all 0 at the beginning; then 0 … 32 767
 * classes   1 … 65 535
 * shift     0 … 15
 * The first of the largest. */
uint16_t bnm_mean_vote(int16_t *scores, uint16_t classes, uint8_t shift, uint16_t decision);

#ifdef __cplusplus
}
#endif

#endif
