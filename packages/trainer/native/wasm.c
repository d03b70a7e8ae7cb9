// The WebAssembly module: the interpreter's baseline, and what the compiler expects of a C library (there is none).
#include "interpreter.h"

extern const EngineVariant engine_simd128;

#define EXPORT(name) __attribute__((export_name(#name)))

/** One run's operands; JavaScript fills it in through `job`. */
static Run job;

EXPORT(opsVersion) uint32_t ops_version(void) { return OPS_VERSION; }
EXPORT(job) Run *job_address(void) { return &job; }
EXPORT(run) void run_job(void) { engine_simd128.run(&job); }

static AugmentJob augment_fields;
static ResizeJob resize_fields;

EXPORT(augmentJob) AugmentJob *augment_job(void) { return &augment_fields; }
EXPORT(augment) void augment(void) { engine_simd128.augment(&augment_fields); }
EXPORT(resizeJob) ResizeJob *resize_job(void) { return &resize_fields; }
EXPORT(resize) void resize(void) { engine_simd128.resize(&resize_fields); }

extern unsigned char __heap_base;
/** First byte of memory that is free for arenas. */
EXPORT(heap) unsigned char *heap(void) { return &__heap_base; }

void *memset(void *to, int value, size_t count) {
  unsigned char *p = to;
  while (count--) *p++ = (unsigned char)value;
  return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t count) {
  unsigned char *p = to;
  const unsigned char *q = from;
  while (count--) *p++ = *q++;
  return to;
}
