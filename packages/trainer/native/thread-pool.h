// Helper threads of one JavaScript environment: they claim items of a job beside the caller.
#pragma once
#include "interpreter.h"

typedef struct ThreadPool ThreadPool;

/** @return a pool of `helpers` threads beside the caller's (fewer where the system refuses), or NULL without memory. */
ThreadPool *thread_pool_create(int helpers);
/** Ends and joins all helpers. */
void thread_pool_destroy(ThreadPool *pool);
/** Runs task(job, item, worker) for all items and returns when all are done. One caller at a time; matches `Parallel`. */
void thread_pool_run(void *pool, int32_t items, Task task, void *job);
