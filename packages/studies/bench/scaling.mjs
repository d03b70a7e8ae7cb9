// 8, 64 and 512 machines of two cores, simulated: the real samplers, told and asked as runStudy does it, with measured times of runs, of the study's process
// and of Redis.
//   node bench/scaling.mjs [--output bench/results/scaling.json]
// Measured before: results/pool.json (runs), study-cost.json (what a run costs the study), queue-cost.json (what it costs Redis). Time is that of events, so
// the machine that simulates does not matter. Not in it: the network's own limits, machines that come and go.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseTrainingConfig, Random } from '@bitnetmcu/trainer';
import { evolutionSampler } from '../dist/index.js';
import { EventQueue } from './event-queue.mjs';

const results = join(dirname(fileURLToPath(import.meta.url)), 'results');
const { values } = parseArgs({ options: { output: { type: 'string' } } });
const read = (name) => JSON.parse(readFileSync(join(results, `${name}.json`), 'utf8'));
const pool = read('pool').results.find(({ processes }) => processes === 2);
const costs = {
  /** Seconds of a core beside the epochs: reading, quantizing, scores, handing over. */
  beside: pool.overheadMilliseconds / 1000,
  /** Of an epoch of fc-1k. */
  epoch: pool.trainingMilliseconds / 1000 / 10,
  study: read('study-cost').millisecondsOfARun / 1000,
  redis: read('queue-cost').redisMillisecondsOfARun / 1000,
};
const CORES = 2;
const MACHINES = [8, 64, 512];
const AHEAD = 256;

/** One after another: what comes while one is served waits. */
class Server {
  #free = 0;
  busy = 0;
  serve(now, seconds) {
    this.#free = Math.max(this.#free, now) + seconds;
    this.busy += seconds;
    return this.#free;
  }
}

/** @param secondsOf training seconds of a request */
async function simulate({ sampler, secondsOf, recordOf, cores, ahead }) {
  const [study, redis, events] = [new Server(), new Server(), new EventQueue()];
  let [now, index, told, inQueue, idle, trained, chosen] = [0, 0, 0, 0, cores, 0, 0];
  const waiting = [];
  const ended = [];
  let isExhausted = false;
  const arrive = (time, job) => events.add(time, () => waiting.push(job));
  const issue = async () => {
    while (!isExhausted && inQueue < ahead && index - told < sampler.lag) {
      const { user, system } = process.cpuUsage();
      const request = await sampler.next();
      const after = process.cpuUsage();
      // What the sampler computes is the study's time as well.
      const choosing = (after.user + after.system - user - system) / 1e6;
      chosen += choosing;
      study.serve(now, choosing);
      if (request === undefined) {
        // Nothing before more is told, or nothing at all.
        isExhausted = told === index;
        return;
      }
      inQueue++;
      arrive(redis.serve(study.serve(now, costs.study / 2), costs.redis / 2), { index: index++, request });
    }
  };
  await issue();
  for (;;) {
    while (idle > 0 && waiting.length > 0) {
      const job = waiting.shift();
      idle--;
      const seconds = secondsOf(job) + costs.beside;
      trained += seconds;
      events.add(now + seconds, () => {
        idle++;
        const kept = study.serve(redis.serve(now, costs.redis / 2), costs.study / 2);
        events.add(kept, () => {
          inQueue--;
          ended[job.index] = recordOf(job.request);
          for (; ended[told] !== undefined; told++) sampler.tell(ended[told]);
        });
      });
    }
    const next = events.take();
    if (next === undefined) break;
    now = next.time;
    next.happen();
    await issue();
  }
  return {
    runs: index,
    seconds: now,
    runsPerSecond: index / now,
    /** Of the time of all cores, what they train and do beside it. */
    efficiency: trained / (now * cores),
    samplerMillisecondsOfARun: (1000 * chosen) / index,
    studyBusy: study.busy / now,
    redisBusy: redis.busy / now,
  };
}

/** A fixed list of runs, each as long as the others but for a tenth. */
function list(runs, seconds) {
  let given = 0;
  const request = {};
  return {
    sampler: { lag: Number.POSITIVE_INFINITY, next: () => (given++ < runs ? request : undefined), tell() {} },
    secondsOf: ({ index }) => seconds * (0.9 + 0.2 * Random.of(1, index).nextFloat()),
    recordOf: () => ({}),
  };
}

/** A search with short runs first, of at most 2000 runs; sizes of networks, and so times, differ by a factor of ten. */
function search(runs, seconds, lag) {
  const names = Array.from({ length: 8 }, (_, i) => `x${i}`);
  const space = Object.fromEntries(names.map((name) => [name, { kind: 'real', min: 0, max: 1 }]));
  const base = parseTrainingConfig({ epochs: 100 });
  const genesOf = ({ config }) => JSON.parse(config.data.path);
  const sampler = evolutionSampler({
    ...{ space, runs, lag, rungs: [0.1, 0.3, 1] },
    decode: (genes) => ({ config: { ...base, data: { path: JSON.stringify(genes) } }, targets: [], test: false }),
    fitness({ request }) {
      const { x0, ...others } = genesOf(request);
      const g = 1 + Object.values(others).reduce((sum, value) => sum + value, 0);
      return { objectives: [x0, g * (1 - Math.sqrt(x0 / g))], violation: 0 };
    },
  });
  return {
    sampler,
    secondsOf: ({ request }) => (seconds * request.config.epochs * 10 ** (genesOf(request).x1 - 0.5)) / 100,
    recordOf: (request) => ({ status: 'finished', request }),
  };
}

const lists = [];
for (const machines of MACHINES) {
  const cores = machines * CORES;
  for (const seconds of [10 * costs.epoch, 1, 3, 10, 30, 100]) {
    for (const ahead of [...new Set([AHEAD, Math.max(AHEAD, 2 * cores)])]) {
      const found = await simulate({ ...list(20 * cores, seconds), cores, ahead });
      lists.push({ machines, runSeconds: seconds, ahead, ...found });
    }
  }
}
const searches = [];
for (const machines of MACHINES) {
  const cores = machines * CORES;
  for (const lag of [...new Set([8, 2 * cores])]) {
    const found = await simulate({
      ...search(Math.min(2000, 12 * cores), 30, lag),
      cores,
      ahead: Math.max(AHEAD, 2 * cores),
    });
    searches.push({ machines, lag, runSeconds: 30, ...found });
  }
}
console.table(lists);
console.table(searches);
const limits = { studyRunsPerSecond: 1 / costs.study, redisRunsPerSecond: 1 / costs.redis };
const document = {
  command: 'node bench/scaling.mjs',
  date: new Date().toISOString().slice(0, 10),
  cores: CORES,
  costs,
  limits,
  lists,
  searches,
};
if (values.output) writeFileSync(values.output, `${JSON.stringify(document, null, 2)}\n`);
