// Throughput of the local pool: the same runs with one process and with as many as there are cores, and what a run costs besides its training.
//   node bench/pool.mjs [--runs 200] [--epochs 10] [--network fc-1k] [--augmentation none|default] [--processes 2] [--rounds 1] [--output bench/results/pool.json]
// The bar: two processes on two cores at least 1.85 times one, at most 60 ms a run besides its epochs. Wants a machine that does nothing else: the load
// before each measurement is in the result.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLocalPool, openRecords, parseStudy, runStudy } from '@bitnetmcu/studies';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    epochs: { type: 'string', default: '10' },
    network: { type: 'string', default: 'fc-1k' },
    augmentation: { type: 'string', default: 'none' },
    processes: { type: 'string', default: String(availableParallelism()) },
    rounds: { type: 'string', default: '1' },
    output: { type: 'string' },
  },
});
const [runs, most, rounds] = [Number(values.runs), Number(values.processes), Number(values.rounds)];
const base = {
  network: values.network,
  epochs: Number(values.epochs),
  ...(values.augmentation === 'none' && { augmentation: 'none' }),
};

/** Seconds of all runs, and of a run beside its epochs. Processes have started and loaded the data before the clock starts. */
async function measured(processes) {
  const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-pool-bench-'));
  const records = openRecords(join(folder, 'records'));
  const runner = createLocalPool({ processes });
  const load = loadavg()[0];
  try {
    const started = performance.now();
    const warm = Array.from({ length: processes }, (_, i) => 1_000_000 + i);
    await runStudy(parseStudy({ name: 'warm', base: { ...base, epochs: 1 }, seeds: warm }), { records, runner });
    const startSeconds = (performance.now() - started) / 1000;
    const begun = performance.now();
    const result = await runStudy(parseStudy({ name: 'runs', base, seeds: runs }), { records, runner });
    const seconds = (performance.now() - begun) / 1000;
    const finished = result.runs.map(({ record }) => record).filter(({ status }) => status === 'finished');
    if (finished.length !== runs) throw new Error(`${runs - finished.length} of ${runs} runs failed`);
    const trained = finished.flatMap(({ epochs }) => epochs).reduce((sum, epoch) => sum + epoch.seconds, 0);
    const inProcess = finished.reduce((sum, record) => sum + record.seconds, 0);
    return {
      processes,
      load,
      startSeconds,
      seconds,
      runsPerSecond: runs / seconds,
      trainingMilliseconds: (1000 * trained) / runs,
      overheadMilliseconds: (1000 * (seconds * processes - trained)) / runs,
      /** Of it: within the child process. */
      inProcessMilliseconds: (1000 * (inProcess - trained)) / runs,
    };
  } finally {
    await runner.close();
    records.close();
    rmSync(folder, { recursive: true });
  }
}

const results = [];
for (let round = 0; round < rounds; round++) for (const processes of [1, most]) results.push(await measured(processes));
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const of = (processes, key) => median(results.filter((one) => one.processes === processes).map((one) => one[key]));
const speedup = of(most, 'runsPerSecond') / of(1, 'runsPerSecond');
console.log(`${runs} runs of ${values.network}, ${values.epochs} epochs, augmentation ${values.augmentation}`);
console.table(
  results.map((one) => Object.fromEntries(Object.entries(one).map(([key, value]) => [key, Number(value.toFixed(2))]))),
);
console.log(`${most} processes: ${speedup.toFixed(2)} times one (at least 1.85 wanted of two)`);
console.log(
  `beside the epochs: ${of(1, 'overheadMilliseconds').toFixed(0)} ms a run with one process (at most 60 wanted)`,
);

if (values.output) {
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  const report = {
    command: `node bench/pool.mjs ${process.argv.slice(2).join(' ')}`,
    date: new Date().toISOString(),
    commit,
    machine: { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.versions.node },
    speedup,
    results,
  };
  mkdirSync(dirname(values.output), { recursive: true });
  writeFileSync(values.output, `${JSON.stringify(report, null, 2)}\n`);
}
