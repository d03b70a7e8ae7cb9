#include "call_tree.h"

static uint32_t top(const struct profile *p) { return p->depth == 0 ? 0 : p->stack[p->depth - 1u]; }

/* The child of `parent` for `function`, made if it is not there; `parent` itself when the tree is full. */
static uint32_t child(struct profile *p, uint32_t parent, uint32_t function) {
  uint32_t n = p->nodes[parent].first_child;
  while (n != 0) {
    if (p->nodes[n].function == function) return n;
    n = p->nodes[n].next_sibling;
  }
  if (p->node_count == MAX_CALL_NODES) {
    p->overflow = 1;
    return parent;
  }
  n = p->node_count++;
  p->nodes[n].parent = parent;
  p->nodes[n].function = function;
  p->nodes[n].next_sibling = p->nodes[parent].first_child;
  p->nodes[parent].first_child = n;
  return n;
}

static void settle(struct profile *p, uint64_t now) {
  p->nodes[top(p)].cycles += now - p->since;
  p->since = now;
}

static void begin_event(struct profile *p, uint32_t function, uint64_t now) {
  const uint32_t depth = p->depth - 1u;
  p->open_event[depth] = 0;
  if (depth >= EVENT_DEPTHS || p->event_count == MAX_CALL_EVENTS) return;
  struct call_event *e = &p->events[p->event_count++];
  e->begin = e->end = now;
  e->function = function;
  e->depth = depth;
  p->open_event[depth] = p->event_count;
}

static void end_event(struct profile *p, uint64_t now) {
  const uint32_t open = p->open_event[p->depth - 1u];
  if (open != 0) p->events[open - 1u].end = now;
}

void call_tree_enter(struct profile *p, uint32_t function, uint32_t return_to, uint64_t now) {
  settle(p, now);
  if (p->depth == MAX_CALL_DEPTH) {
    p->overflow = 1;
    return;
  }
  const uint32_t node = child(p, top(p), function);
  p->nodes[node].calls++;
  p->stack[p->depth] = node;
  p->return_to[p->depth] = return_to;
  p->depth++;
  begin_event(p, function, now);
}

void call_tree_jump(struct profile *p, uint32_t target, uint32_t function, uint64_t now) {
  if (p->depth == 0) return;
  /* A return may skip frames (longjmp): unwind to the caller that waits at the target. */
  for (uint32_t d = p->depth; d > 0; d--) {
    if (p->return_to[d - 1u] != target) continue;
    settle(p, now);
    while (p->depth >= d) {
      end_event(p, now);
      p->depth--;
    }
    return;
  }
  const uint32_t node = top(p);
  if (p->nodes[node].function == function) return;
  settle(p, now);
  end_event(p, now);
  const uint32_t sibling = child(p, p->nodes[node].parent, function);
  p->nodes[sibling].calls++;
  p->stack[p->depth - 1u] = sibling;
  begin_event(p, function, now);
}

void call_tree_finish(struct profile *p, uint64_t now) {
  settle(p, now);
  for (uint32_t d = 0; d < p->depth; d++) {
    if (p->open_event[d] != 0) p->events[p->open_event[d] - 1u].end = now;
  }
}
