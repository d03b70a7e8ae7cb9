// Node-API addon: picks the interpreter compiled for this machine's instruction set and hands it JavaScript's buffers.
// Bounds are the caller's business (src/engine/native-backend.ts): nothing here is public.
#include <node_api.h>
#include <stdbool.h>
#include <stdlib.h>
#include "interpreter.h"
#include "thread-pool.h"

extern const EngineVariant engine_baseline;
#ifdef ENGINE_X64
extern const EngineVariant engine_avx2, engine_avx512, engine_avx2_separate, engine_avx512_separate;
static bool has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
static bool has_avx512(void) {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#else
extern const EngineVariant engine_baseline_separate;
#endif
static bool always(void) { return true; }

/** Fastest first; a separate one is a little slower than the fused one of the same instructions. */
static const struct {
  const EngineVariant *engine;
  bool (*supported)(void);
} VARIANTS[] = {
#ifdef ENGINE_X64
    {&engine_avx512, has_avx512},
    {&engine_avx2, has_avx2},
    {&engine_avx512_separate, has_avx512},
    {&engine_avx2_separate, has_avx2},
    {&engine_baseline, always},
#else
    {&engine_baseline, always},
    {&engine_baseline_separate, always},
#endif
};
enum { VARIANT_COUNT = sizeof VARIANTS / sizeof *VARIANTS, RUN_ARGUMENTS = 16 };

/** Start of a typed array's data; NULL for null and undefined. */
static void *data_of(napi_env env, napi_value value) {
  bool typed = false;
  void *data = NULL;
  if (napi_is_typedarray(env, value, &typed) == napi_ok && typed)
    napi_get_typedarray_info(env, value, NULL, NULL, &data, NULL, NULL);
  return data;
}

static uint32_t number_of(napi_env env, napi_value value) {
  uint32_t number = 0;
  napi_get_value_uint32(env, value, &number);
  return number;
}

/** variants(): what this machine can run, fastest first, as [instruction set, arithmetic, index] triples. */
static napi_value variants(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value list;
  napi_create_array(env, &list);
  uint32_t length = 0;
  for (uint32_t i = 0; i < VARIANT_COUNT; i++) {
    if (!VARIANTS[i].supported()) continue;
    napi_value name, arithmetic, index;
    napi_create_string_utf8(env, VARIANTS[i].engine->name, NAPI_AUTO_LENGTH, &name);
    napi_create_string_utf8(env, VARIANTS[i].engine->arithmetic, NAPI_AUTO_LENGTH, &arithmetic);
    napi_create_uint32(env, i, &index);
    napi_set_element(env, list, length++, name);
    napi_set_element(env, list, length++, arithmetic);
    napi_set_element(env, list, length++, index);
  }
  return list;
}

/** misalignment(typedArray): its address modulo 64. */
static napi_value misalignment(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, result;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_create_uint32(env, (uint32_t)((uintptr_t)data_of(env, argument) & 63), &result);
  return result;
}

/** Pools of this environment, made when first asked for and ended with it: one for each number of helpers. */
typedef struct Pools {
  int helpers;
  ThreadPool *pool;
  struct Pools *next;
} Pools;

static void end_pools(void *first) {
  for (Pools *pools = *(Pools **)first, *next; pools; pools = next) {
    next = pools->next;
    thread_pool_destroy(pools->pool);
    free(pools);
  }
  free(first);
}

static ThreadPool *pool_of(napi_env env, int helpers) {
  Pools **first = NULL;
  if (napi_get_instance_data(env, (void **)&first) != napi_ok || !first) return NULL;
  for (Pools *pools = *first; pools; pools = pools->next)
    if (pools->helpers == helpers) return pools->pool;
  Pools *made = malloc(sizeof *made);
  ThreadPool *pool = made ? thread_pool_create(helpers) : NULL;
  if (!pool) {
    free(made);
    return NULL;
  }
  *made = (Pools){helpers, pool, *first};
  *first = made;
  return pool;
}

/**
 * run(variant, arena, program, prepareCount, programCount, samples, labels, targets, order, logits, from, to, batchSize,
 * steps, totals, threads): totals (Float64Array) gets the loss, the number of correct samples, and the operation and number that were refused
 * (0: none).
 */
static napi_value run(napi_env env, napi_callback_info info) {
  size_t count = RUN_ARGUMENTS;
  napi_value a[RUN_ARGUMENTS];
  napi_get_cb_info(env, info, &count, a, NULL, NULL);
  if (count != RUN_ARGUMENTS) {
    napi_throw_type_error(env, NULL, "run takes 16 arguments");
    return NULL;
  }
  Run job = {0};
  const int32_t *program = data_of(env, a[2]);
  job.arena = data_of(env, a[1]);
  job.prepare = program;
  job.prepare_count = (int32_t)number_of(env, a[3]);
  job.program = program + (size_t)job.prepare_count * OP_WORDS;
  job.program_count = (int32_t)number_of(env, a[4]);
  job.samples = data_of(env, a[5]);
  job.labels = data_of(env, a[6]);
  job.targets = data_of(env, a[7]);
  job.order = data_of(env, a[8]);
  job.logits = data_of(env, a[9]);
  job.from = number_of(env, a[10]);
  job.to = number_of(env, a[11]);
  job.batch_size = number_of(env, a[12]);
  job.steps = data_of(env, a[13]);
  const uint32_t threads = number_of(env, a[15]);
  if (threads > 1) job.pool = pool_of(env, (int)threads - 1);
  if (job.pool) job.parallel = thread_pool_run;
  VARIANTS[number_of(env, a[0])].engine->run(&job);
  double *totals = data_of(env, a[14]);
  totals[0] = job.loss;
  totals[1] = job.correct;
  totals[2] = job.refused_op;
  totals[3] = job.refused_code;
  return NULL;
}

/**
 * augment(variant, source, indices, matrices, grid, destination, scratch, sizes): sizes (Int32Array) are count, channels,
 * height, width, outHeight, outWidth, gridRows, gridColumns, fill.
 */
static napi_value augment(napi_env env, napi_callback_info info) {
  size_t count = 8;
  napi_value a[8];
  napi_get_cb_info(env, info, &count, a, NULL, NULL);
  const int32_t *sizes = data_of(env, a[7]);
  AugmentJob job = {data_of(env, a[1]), data_of(env, a[2]), data_of(env, a[3]), data_of(env, a[4]), data_of(env, a[5]),
                    data_of(env, a[6]), sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5], sizes[6], sizes[7],
                    (uint8_t)sizes[8]};
  VARIANTS[number_of(env, a[0])].engine->augment(&job);
  return NULL;
}

/**
 * resize(variant, source, destination, across, acrossStarts, down, downStarts, scratch, sizes): sizes are count, height,
 * width, outHeight, outWidth, acrossTaps, downTaps.
 */
static napi_value resize(napi_env env, napi_callback_info info) {
  size_t count = 9;
  napi_value a[9];
  napi_get_cb_info(env, info, &count, a, NULL, NULL);
  const int32_t *sizes = data_of(env, a[8]);
  ResizeJob job = {data_of(env, a[1]), data_of(env, a[2]), data_of(env, a[3]), data_of(env, a[4]), data_of(env, a[5]),
                   data_of(env, a[6]), data_of(env, a[7]), sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5], sizes[6]};
  VARIANTS[number_of(env, a[0])].engine->resize(&job);
  return NULL;
}

NAPI_MODULE_INIT() {
  static const napi_property_descriptor FUNCTIONS[] = {
      {"variants", NULL, variants, NULL, NULL, NULL, napi_enumerable, NULL},
      {"misalignment", NULL, misalignment, NULL, NULL, NULL, napi_enumerable, NULL},
      {"run", NULL, run, NULL, NULL, NULL, napi_enumerable, NULL},
      {"augment", NULL, augment, NULL, NULL, NULL, napi_enumerable, NULL},
      {"resize", NULL, resize, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  napi_value version;
  napi_create_uint32(env, OPS_VERSION, &version);
  napi_set_named_property(env, exports, "opsVersion", version);
  Pools **pools = calloc(1, sizeof *pools);
  // helpers must be gone before the addon may be unloaded: with the environment, not with the process
  if (pools && napi_set_instance_data(env, pools, NULL, NULL) == napi_ok) napi_add_env_cleanup_hook(env, end_pools, pools);
  napi_define_properties(env, exports, sizeof FUNCTIONS / sizeof *FUNCTIONS, FUNCTIONS);
  return exports;
}
