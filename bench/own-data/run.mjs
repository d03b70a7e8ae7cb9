// Own data with default options against scikit-learn and aeon: the same files, the same test rows.
//   node bench/own-data/run.mjs [--python python3] [--seeds 5] [--only iris,wine] [--part validation] [--output FILE]
// Seeds 1 … N shuffle the rows, and so split them, and seed the training; small data sets have more of them (bars.mjs). The Python needs scikit-learn and aeon (node bench/own-data/make-venv.mjs prints one). With --part validation recipes are compared without looking at test rows,
// and nothing is written.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createEngine } from '../../packages/trainer/dist/index.js';
import { BARS, DATASETS } from './bars.mjs';
import { simulate } from './simulate.mjs';
import { testRows } from './test-rows.mjs';
import { openFile, trainFile } from './train-file.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    seeds: { type: 'string', default: '5' },
    only: { type: 'string', default: DATASETS.join(',') },
    part: { type: 'string', default: 'test' },
    output: { type: 'string', default: join(here, '..', 'results', 'own-data.json') },
  },
});
const seedsOf = (name) => Array.from({ length: BARS[name].seeds ?? Number(options.seeds) }, (_, i) => i + 1);
const names = options.only.split(',');
const python = (script, ...args) =>
  execFileSync(options.python, [join(here, script), ...args], { encoding: 'utf8', maxBuffer: 2 ** 26 });

const folder = mkdtempSync(join(tmpdir(), 'own-data-'));
try {
  const most = Math.max(...names.map((name) => seedsOf(name).length));
  python('make_files.py', folder, String(most));
  const engine = await createEngine({ threads: 1 });
  const results = {};
  const splits = {};
  for (const name of names) {
    for (const seed of seedsOf(name)) {
      const base = join(folder, `${name}-${seed}`);
      const file = existsSync(`${base}.csv`) ? `${base}.csv` : `${base}.npz`;
      const opened = await openFile(file);
      splits[`${name}-${seed}`] = await testRows(`${base}.rows.csv`, opened.dataset);
      const { model, ...scores } = await trainFile(opened, seed, engine, options.part);
      results[name] ??= { samples: opened.dataset.train.count + opened.dataset.test.count, runs: [] };
      results[name].simulated ??= await simulate(model, opened.dataset.test);
      results[name].runs.push(scores);
      process.stderr.write(`${name} ${seed}: ${scores.integers.toFixed(2)} %\n`);
    }
  }
  if (options.part === 'test') {
    writeFileSync(join(folder, 'splits.json'), JSON.stringify(splits));
    report(results, JSON.parse(python('baselines.py', join(folder, 'splits.json'))));
  } else {
    report(results, {});
  }
} finally {
  rmSync(folder, { recursive: true });
}

function report(results, baselines) {
  const mean = (numbers) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const rounded = (value) => Math.round(100 * value) / 100;
  const datasets = Object.entries(results).map(([name, { samples, simulated, runs }]) => {
    const scores = Object.entries(baselines[name] ?? {}).map(([model, each]) => [model, rounded(mean(each))]);
    const integers = rounded(mean(runs.map((run) => run.integers)));
    const best = Math.max(...scores.map(([, score]) => score));
    const { atLeast = 0, behind = 100 } = BARS[name] ?? {};
    return {
      name,
      date: new Date().toISOString().slice(0, 10),
      samples,
      network: runs[0].network,
      integers,
      trained: rounded(mean(runs.map((run) => run.trained))),
      each: runs.map((run) => rounded(run.integers)),
      baselines: Object.fromEntries(scores),
      bar: { atLeast, behind },
      passed: integers >= atLeast && (scores.length === 0 || integers >= best - behind),
      weightBytes: runs[0].weightBytes,
      ramBytes: runs[0].ramBytes,
      simulated,
      seconds: rounded(mean(runs.map((run) => run.seconds))),
    };
  });
  console.table(
    datasets.map(({ name, integers, trained, baselines, passed, seconds }) => ({
      name,
      integers,
      trained,
      ...baselines,
      passed,
      seconds,
    })),
  );
  if (options.part !== 'test') return;
  // What measures all of them, also where --only measured a few anew.
  const command = `node bench/own-data/run.mjs --seeds ${options.seeds}`;
  // Those that --only left out stay as they were measured.
  const before = existsSync(options.output) ? JSON.parse(readFileSync(options.output, 'utf8')).datasets : [];
  const all = DATASETS.flatMap((name) => [...datasets, ...before].find((one) => one.name === name) ?? []);
  const text = JSON.stringify({ command, datasets: all }, null, 2);
  mkdirSync(dirname(options.output), { recursive: true });
  writeFileSync(options.output, `${text}\n`);
  if (datasets.some(({ passed }) => !passed)) process.exitCode = 1;
}
