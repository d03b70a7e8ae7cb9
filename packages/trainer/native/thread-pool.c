// Helper threads that spin briefly for the next job and then sleep. Which thread runs an item never changes a result, so helpers
// may be left out: where jobs take longer with them than without (a machine busy with other work), the caller runs alone.
#define _GNU_SOURCE
#include "thread-pool.h"
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

enum {
  MAX_HELPERS = 63,
  /** Looks at the job counter before sleeping: some tens of microseconds, longer than the gaps between operations. */
  SPINS = 6000,
  /** Kinds of jobs whose times are compared. */
  MAX_KINDS = 8,
  /** Runs that take turns in the beginning; then runs until the losing way is tried again: doubled each time that it loses again. */
  FIRST_RUNS = 6,
  SHORTEST_PROBE = 64,
  LONGEST_PROBE = 512,
};

/** Helpers must save this much to be worth the processor time that they take from others. */
static const double WORTHWHILE = 0.85;
/** A run that was interrupted says little about its way: it counts as at most so many averages. */
static const double LONGEST_SHARE = 3;

/** Seconds per item, averaged: [0] alone, [1] with helpers. */
typedef struct {
  Task task;
  double seconds[2];
  uint32_t runs, until_probe, probe_interval;
} Kind;

struct ThreadPool {
  /** Number of the job (32 bits), next item (16), items (16): one word, so that a claim fits exactly one job. */
  uint64_t state;
  Task task;
  void *job;
  int32_t finished;
  int32_t sleepers;
  bool ending;
  int helpers;
  Kind kinds[MAX_KINDS];
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  pthread_t threads[MAX_HELPERS];
};

typedef struct {
  ThreadPool *pool;
  int32_t worker;
} Helper;

static inline void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/** Runs items of job `number` until none is left. */
static void work(ThreadPool *pool, uint32_t number, int32_t worker) {
  uint64_t state = __atomic_load_n(&pool->state, __ATOMIC_ACQUIRE);
  for (;;) {
    const int32_t item = (int32_t)(state >> 16 & 0xffff), items = (int32_t)(state & 0xffff);
    if ((uint32_t)(state >> 32) != number || item >= items) return;
    if (!__atomic_compare_exchange_n(&pool->state, &state, state + 0x10000, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) continue;
    // the job cannot end before this item does: its fields are steady now
    pool->task(pool->job, item, worker);
    __atomic_fetch_add(&pool->finished, 1, __ATOMIC_RELEASE);
    state = __atomic_load_n(&pool->state, __ATOMIC_ACQUIRE);
  }
}

static uint32_t job_number(ThreadPool *pool) { return (uint32_t)(__atomic_load_n(&pool->state, __ATOMIC_ACQUIRE) >> 32); }

static void *help(void *argument) {
  Helper *helper = argument;
  ThreadPool *pool = helper->pool;
  const int32_t worker = helper->worker;
  free(helper);
  uint32_t seen = 0;
  for (;;) {
    int spins = 0;
    while (job_number(pool) == seen && !__atomic_load_n(&pool->ending, __ATOMIC_ACQUIRE)) {
      if (spins++ < SPINS) {
        relax();
        continue;
      }
      pthread_mutex_lock(&pool->mutex);
      __atomic_fetch_add(&pool->sleepers, 1, __ATOMIC_SEQ_CST);
      while (job_number(pool) == seen && !pool->ending) pthread_cond_wait(&pool->wake, &pool->mutex);
      __atomic_fetch_sub(&pool->sleepers, 1, __ATOMIC_SEQ_CST);
      pthread_mutex_unlock(&pool->mutex);
    }
    if (__atomic_load_n(&pool->ending, __ATOMIC_ACQUIRE)) return NULL;
    seen = job_number(pool);
    work(pool, seen, worker);
  }
}

ThreadPool *thread_pool_create(int helpers) {
  ThreadPool *pool = calloc(1, sizeof *pool);
  if (!pool) return NULL;
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->wake, NULL);
  for (int i = 0; i < helpers && i < MAX_HELPERS; i++) {
    Helper *helper = malloc(sizeof *helper);
    if (!helper) break;
    *helper = (Helper){pool, i + 1};
    if (pthread_create(&pool->threads[i], NULL, help, helper) != 0) {
      free(helper);
      break;
    }
    pool->helpers++;
  }
  return pool;
}

void thread_pool_destroy(ThreadPool *pool) {
  pthread_mutex_lock(&pool->mutex);
  __atomic_store_n(&pool->ending, true, __ATOMIC_RELEASE);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
  for (int i = 0; i < pool->helpers; i++) pthread_join(pool->threads[i], NULL);
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->mutex);
  free(pool);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/** The entry of a kind of job, or none when there are too many. */
static Kind *kind_of(ThreadPool *pool, Task task) {
  for (int i = 0; i < MAX_KINDS; i++) {
    if (pool->kinds[i].task == NULL) pool->kinds[i].task = task;
    if (pool->kinds[i].task == task) return &pool->kinds[i];
  }
  return NULL;
}

static void run_alone(int32_t items, Task task, void *job) {
  for (int32_t item = 0; item < items; item++) task(job, item, 0);
}

static void run_together(ThreadPool *pool, int32_t items, Task task, void *job) {
  pool->task = task;
  pool->job = job;
  __atomic_store_n(&pool->finished, 0, __ATOMIC_RELAXED);
  const uint32_t number = job_number(pool) + 1;
  __atomic_store_n(&pool->state, (uint64_t)number << 32 | (uint32_t)items, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(&pool->sleepers, __ATOMIC_SEQ_CST) > 0) {
    pthread_mutex_lock(&pool->mutex);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);
  }
  work(pool, number, 0);
  for (int spins = 0; __atomic_load_n(&pool->finished, __ATOMIC_ACQUIRE) < items; spins++) {
    if (spins < SPINS) relax();
    else sched_yield();
  }
}

void thread_pool_run(void *pool_, int32_t items, Task task, void *job) {
  ThreadPool *pool = pool_;
  Kind *kind = kind_of(pool, task);
  if (pool->helpers == 0 || items > 0xffff || !kind) {
    run_alone(items, task, job);
    return;
  }
  const int usual = kind->seconds[1] < WORTHWHILE * kind->seconds[0];
  int together = usual;
  if (kind->runs < FIRST_RUNS) {
    together = (int)(kind->runs++ % 2);
    kind->probe_interval = kind->until_probe = SHORTEST_PROBE;
  } else if (--kind->until_probe == 0) {
    together = !usual;
  }
  const double start = now();
  if (together) run_together(pool, items, task, job);
  else run_alone(items, task, job);
  const double seconds = (now() - start) / items;
  double *average = &kind->seconds[together];
  if (*average == 0) *average = seconds;
  const double counted = seconds < *average * LONGEST_SHARE ? seconds : *average * LONGEST_SHARE;
  *average += (counted - *average) * (together == usual ? 0.1 : 0.5);
  if (kind->until_probe > 0) return;
  const int changed = (kind->seconds[1] < WORTHWHILE * kind->seconds[0]) != usual;
  kind->probe_interval = changed ? SHORTEST_PROBE : kind->probe_interval < LONGEST_PROBE ? kind->probe_interval * 2 : LONGEST_PROBE;
  kind->until_probe = kind->probe_interval;
}
