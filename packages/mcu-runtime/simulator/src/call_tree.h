/* Call tree and time line of a profiled run. A call is a jump that leaves a return address in ra (or t0, for save/restore routines). */
#ifndef BNM_SIM_CALL_TREE_H
#define BNM_SIM_CALL_TREE_H

#include "machine.h"

/* A jump to `function` that will come back to `return_to`; `now`: the cycle count after the jump. */
void call_tree_enter(struct profile *p, uint32_t function, uint32_t return_to, uint64_t now);
/* A jump without link to `target`: a return if a caller waits there, else maybe a tail call into `function`. */
void call_tree_jump(struct profile *p, uint32_t target, uint32_t function, uint64_t now);
/* Books cycles up to `now`, also on the time line: at the end of a run. */
void call_tree_finish(struct profile *p, uint64_t now);

#endif
