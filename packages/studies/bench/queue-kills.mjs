// Four workers on loopback Redis: kill -9 of workers at random moments, and of Redis. No finished run may be lost, at most the epoch that was under way
// be repeated, and every record be the local pool's to the bit.
//   node bench/queue-kills.mjs [--kills 20] [--redis-kills 3] [--runs 64] [--epochs 80] [--seed 1] [--output bench/results/queue-kills.json]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { createLocalPool, createQueueRunner, parseStudy } from '@bitnetmcu/studies';
import { comparable, RunExecutor } from '@bitnetmcu/studies/internal';
import { freePort, startRedis } from './redis.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    'redis-kills': { type: 'string', default: '3' },
    runs: { type: 'string', default: '64' },
    epochs: { type: 'string', default: '80' },
    seed: { type: 'string', default: '1' },
    output: { type: 'string' },
  },
});
const [kills, redisKills] = [Number(values.kills), Number(values['redis-kills'])];
const [runCount, epochs] = [Number(values.runs), Number(values.epochs)];
const WORKERS = 4;
const LOCK_SECONDS = 5;
const [FEATURES, ROWS, CLASSES] = [64, 6000, 4];
const PAUSE_MILLISECONDS = [1000, 5000];

let state = Number(values.seed);
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};

const work = mkdtempSync(join(tmpdir(), 'bitnetmcu-queue-kills-'));
const problems = [];
const started = performance.now();
const runs = await requests();
const port = await freePort();
const url = `redis://127.0.0.1:${port}`;
let redis = await startRedis(port, work);
const workers = [];
/** What workers said, in its order: start, epoch and end of runs. */
const events = [];
const killed = [];
for (let i = 0; i < WORKERS; i++) workers.push(startWorker());

const queue = await createQueueRunner({ redis: url });
let isDone = false;
const done = Promise.all(runs.map((run) => queue.run(run))).finally(() => {
  isDone = true;
});
const killCounts = await killAll();
const outcomes = await done;
const queueSeconds = (performance.now() - started) / 1000;
console.log(`${outcomes.length} outcomes after ${queueSeconds.toFixed(0)} s; now locally`);
await queue.close();
for (const worker of workers) worker.child.kill('SIGKILL');
redis.kill('SIGKILL');
const different = await differencesFromLocal();
report();
rmSync(work, { recursive: true });

async function requests() {
  const rows = Array.from({ length: ROWS }, (_, i) => {
    const label = i % CLASSES;
    const numbers = Array.from({ length: FEATURES }, (_, k) =>
      (random() + (k % CLASSES === label ? 0.1 : 0)).toFixed(4),
    );
    return [...numbers, label].join(',');
  });
  const header = [...Array.from({ length: FEATURES }, (_, k) => `x${k}`), 'label'].join(',');
  writeFileSync(join(work, 'data.csv'), `${header}\n${rows.join('\n')}\n`);
  const linear = (name, outputs) => ({ type: 'linear', name, outputs, weights: { format: '4bitsym' } });
  const layers = [linear('fc1', 32), { type: 'activation', name: 'relu', function: 'relu' }, linear('fc2', CLASSES)];
  const network = { name: 'net', input: { shape: [FEATURES] }, layers };
  const data = { kind: 'csv', train: join(work, 'data.csv') };
  const base = { network, data, epochs, batchSize: 16, augmentation: 'none', engine: 'wasm' };
  const study = parseStudy({ name: 'kills', base, seeds: runCount });
  const executor = new RunExecutor();
  return Promise.all(
    study.seeds.map(async (seed) => {
      const request = { config: { ...study.configurations[0].config, seed }, targets: [], test: false };
      return { key: await executor.keyOf(request), request };
    }),
  );
}

function startWorker() {
  const program = fileURLToPath(new URL('../src/testing/run-worker.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, url, join(work, 'unfinished'), String(LOCK_SECONDS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const worker = { child, at: undefined };
  child.once('exit', (code) => {
    if (code !== null) problems.push(`a worker ended by itself, with exit code ${code}`);
  });
  let rest = '';
  child.stdout.on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const [type, key, epoch] = line.split(' ');
      if (key === undefined) continue;
      events.push({ type, key, epoch });
      worker.at = type === 'end' ? undefined : key;
    }
  });
  return worker;
}

/** Workers and Redis at random moments, in a random order. @returns how many were killed before the study was done */
async function killAll() {
  const order = [...Array(kills).fill('worker'), ...Array(redisKills).fill('redis')].sort(() => random() - 0.5);
  const count = { worker: 0, redis: 0 };
  for (const what of order) {
    const [least, most] = PAUSE_MILLISECONDS;
    await setTimeout(least + random() * (most - least));
    if (isDone) break;
    if (what === 'redis') {
      await end(redis);
      redis = await startRedis(port, work);
    } else {
      const index = Math.floor(random() * WORKERS);
      const victim = workers[index];
      await end(victim.child);
      if (victim.at !== undefined) killed.push(victim.at);
      workers[index] = startWorker();
    }
    count[what]++;
    console.log(`${((performance.now() - started) / 1000).toFixed(0)} s: ${what} killed, ${ends()} runs ended`);
  }
  if (isDone) problems.push(`the study was done after ${count.worker} of ${kills} kills of workers: give more --runs`);
  return count;
}

function ends() {
  return events.filter(({ type }) => type === 'end').length;
}

async function end(child) {
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
}

async function differencesFromLocal() {
  const pool = createLocalPool();
  const local = await Promise.all(runs.map((run) => pool.run(run)));
  await pool.close();
  const plain = ({ record, model }) => [
    JSON.parse(JSON.stringify(comparable(record))),
    Buffer.from(model ?? []).toString('hex'),
  ];
  return local.filter((outcome, i) => !isDeepStrictEqual(plain(outcome), plain(outcomes[i]))).length;
}

/** Epochs of a run beyond the first time that each was done, and how many of its kills excuse. */
function repeated() {
  return runs.map(({ key }) => {
    const of = events.filter((event) => event.type === 'epoch' && event.key === key).map(({ epoch }) => epoch);
    return { key, repeated: of.length - new Set(of).size, kills: killed.filter((one) => one === key).length };
  });
}

function report() {
  const unfinished = outcomes.filter(({ record }) => record.status !== 'finished').length;
  if (unfinished > 0)
    problems.push(
      `${unfinished} runs did not finish: ${outcomes.find(({ record }) => record.message)?.record.message}`,
    );
  const ended = new Set();
  let doneTwice = 0;
  for (const { type, key } of events) {
    if (type === 'start' && ended.has(key)) doneTwice++;
    if (type === 'end') ended.add(key);
  }
  if (doneTwice > 0) problems.push(`${doneTwice} runs were begun again after their end`);
  const tooMany = repeated().filter((run) => run.repeated > run.kills);
  for (const { key, ...run } of tooMany)
    problems.push(`${key}: ${run.repeated} epochs repeated, killed ${run.kills} times`);
  if (different > 0) problems.push(`${different} records differ from the local pool's`);
  const result = {
    command: `node bench/queue-kills.mjs ${process.argv.slice(2).join(' ')}`.trim(),
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.versions.node}`,
    runs: runCount,
    epochsOfARun: epochs,
    workers: WORKERS,
    killsOfWorkers: killCounts.worker,
    ofWhichWithARun: killed.length,
    killsOfRedis: killCounts.redis,
    finished: outcomes.length - unfinished,
    finishedRunsDoneAgain: doneTwice,
    epochsRepeated: repeated().reduce((sum, run) => sum + run.repeated, 0),
    mostEpochsRepeatedAKill: Math.max(
      0,
      ...repeated().map((run) => (run.repeated === 0 ? 0 : run.repeated / run.kills)),
    ),
    recordsThatDifferFromLocal: different,
    seconds: Math.round(queueSeconds),
    problems,
  };
  console.log(JSON.stringify(result, null, 2));
  if (values.output) writeFileSync(values.output, `${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
