/*
 * Timing of instruction fetch on the QingKe V2 core, after public hardware measurements of the CH32V003:
 * github.com/cnlohr/rv003usb/issues/5 and github.com/jnk0le/random ("pipeline cycle test/doc/ch32v003_(qkv2).md") by
 * J. Oleksiewicz, github.com/cpldcpu/DRAM_exploration ("instruction_timing").
 *
 * - Memory is fetched in lines of 32 bits; a line takes 1 + wait states cycles, RAM has none.
 * - Lines are prefetched in order into a buffer of three. A fetch that has begun is not aborted: a jump waits for it.
 * - An instruction executes one cycle after the last line that holds a part of it has arrived.
 * A taken branch from RAM thus takes 3 cycles, 4 if its target is a long instruction that straddles two lines;
 * from flash with one wait state 4 or 5, and one more if the target is not at the start of a line.
 */
#ifndef BNM_SIM_FETCH_H
#define BNM_SIM_FETCH_H

#include "machine.h"

#define FETCH_IN_RAM UINT32_MAX /* as `line`: at one line a cycle nothing ever waits for the next line */

struct fetch {
  uint64_t arrival; /* when `line` has arrived */
  uint64_t crossed; /* when execution entered `line` */
  uint64_t crossed_before; /* when it entered the line before */
  uint32_t line; /* the last line that execution needed; a line is two slots */
  uint32_t line_cycles;
};

/* Execution needs line f->line + 1 at `time`; returns when the instruction can execute. */
static inline uint64_t fetch_next_line(struct fetch *f, uint64_t time) {
  /* Room for line n in the buffer of three came when execution left line n - 3, that is, entered n - 2. */
  const uint64_t begin = f->arrival > f->crossed_before ? f->arrival : f->crossed_before;
  f->arrival = begin + f->line_cycles;
  f->line++;
  f->crossed_before = f->crossed;
  const uint64_t ready = f->arrival + 1u;
  f->crossed = ready > time ? ready : time;
  return f->crossed;
}

/* A jump was executed in the cycle before `time`; its target is in line `line` of flash. Returns when the target's line is ready. */
static inline uint64_t fetch_jump_to_flash(struct fetch *f, uint64_t time, uint32_t line, uint32_t flash_line_cycles) {
  uint64_t begin = time;
  if (f->line != FETCH_IN_RAM) {
    /* The prefetcher went on: up to two lines beyond f->line. */
    uint64_t next = f->arrival > f->crossed_before ? f->arrival : f->crossed_before;
    if (next < time) {
      uint64_t busy = next + f->line_cycles;
      next = busy > f->crossed ? busy : f->crossed;
      if (next < time) busy = next + f->line_cycles;
      if (busy > time) begin = busy;
    }
  }
  f->line_cycles = flash_line_cycles;
  f->line = line;
  f->arrival = begin + flash_line_cycles;
  f->crossed_before = begin;
  f->crossed = f->arrival + 1u;
  return f->crossed;
}

#endif
