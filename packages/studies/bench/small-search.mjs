// `bitnetmcu train --auto` on two tables and two sets of signals as CSV, against a float MLP and MiniRocket on the same rows.
//   node bench/small-search.mjs [--python python3] [--seeds 3] [--minutes 3] [--only wine,gun-point] [--output bench/results/small-search.json]
// Seeds 1 … N shuffle the rows, and so split them, and seed the search; each data set is searched with nothing but its file. The bar: at most 3 minutes,
// every implementation of the integers agrees (verify), in the mean at most a point behind the baseline. The Python needs scikit-learn and aeon
// (node bench/own-data/make-venv.mjs at the root prints one). What is in the output already is not measured again.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { testRows } from '../../../bench/own-data/test-rows.mjs';
import { openFile } from '../../../bench/own-data/train-file.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..', '..');
const BASELINES = {
  wine: 'scaler + MLP',
  'breast-cancer': 'scaler + MLP',
  'basic-motions': 'MiniRocket',
  'gun-point': 'MiniRocket',
};
const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    seeds: { type: 'string', default: '3' },
    minutes: { type: 'string', default: '3' },
    only: { type: 'string', default: Object.keys(BASELINES).join(',') },
    output: { type: 'string', default: join(here, 'results', 'small-search.json') },
  },
});
const names = values.only.split(',');
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
const folder = mkdtempSync(join(tmpdir(), 'small-search-'));
const python = (script, ...args) =>
  execFileSync(values.python, [join(root, 'bench', 'own-data', script), ...args], { encoding: 'utf8' });
const command = (...args) =>
  JSON.parse(
    execFileSync(process.execPath, [join(root, 'packages', 'cli', 'bin', 'bitnetmcu.js'), ...args, '--json'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 2 ** 26,
    }),
  );

/** One search from the file alone, and whether all implementations give the logits of what came out. */
function searched(name, seed, shape) {
  const flags = shape === undefined ? [] : ['--data-shape', shape.join(',')];
  const load = loadavg()[0];
  const started = performance.now();
  const auto = ['--auto', '--minutes', values.minutes, '--seed', String(seed), '--yes'];
  const { model, search, integers, fits, weightBytes } = command('train', `${name}-${seed}.csv`, ...flags, ...auto);
  const seconds = (performance.now() - started) / 1000;
  const { implementations } = command('verify', model);
  // Of large networks parts that come late are not looked at.
  const { flash, ram, milliseconds } = fits.find((fit) => fit.target === search.target) ?? {};
  return {
    ...{ name, seed, integers: 100 * integers.accuracy, validation: 100 * search.validation },
    ...{ seconds, load, trainings: search.trainings, weightBytes },
    ...{ target: search.target, flash, ram, milliseconds },
    verified: implementations.length > 1 && implementations.every(({ mismatches }) => mismatches === 0),
  };
}

const known = existsSync(values.output) ? JSON.parse(readFileSync(values.output, 'utf8')).runs : [];
const runs = [...known];
try {
  python('make_files.py', folder, values.seeds);
  const signals = names.filter((name) => BASELINES[name] === 'MiniRocket');
  const shapes = JSON.parse(python('make_signal_tables.py', folder, values.seeds, ...signals));
  for (const seed of seeds) {
    for (const name of names) {
      if (runs.some((run) => run.name === name && run.seed === seed)) continue;
      const found = searched(name, seed, shapes[name]);
      const { dataset } = await openFile(join(folder, `${name}-${seed}.csv`), {
        ...(shapes[name] && { shape: shapes[name] }),
      });
      const key = `${name}-${seed}`;
      const rows = await testRows(join(folder, `${key}.rows.csv`), dataset);
      writeFileSync(join(folder, 'splits.json'), JSON.stringify({ [key]: rows }));
      const baselines = JSON.parse(python('baselines.py', join(folder, 'splits.json')))[name];
      runs.push({ ...found, tested: rows.length, baseline: baselines[BASELINES[name]][0] });
      console.log(name, seed, runs.at(-1));
      write();
    }
  }
  report();
} finally {
  rmSync(folder, { recursive: true });
}

function write() {
  const machine = { cpu: cpus()[0].model, cores: availableParallelism(), node: process.versions.node };
  const line = `node bench/small-search.mjs --seeds ${values.seeds} --minutes ${values.minutes}`;
  const date = new Date().toISOString().slice(0, 10);
  const document = { date, command: line, machine, baselines: BASELINES, runs };
  writeFileAtomic(values.output, `${JSON.stringify(document, null, 2)}\n`);
}

function report() {
  const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const rows = Object.keys(BASELINES).flatMap((name) => {
    const own = runs.filter((run) => run.name === name);
    if (own.length === 0) return [];
    const [integers, baseline] = [mean(own.map((run) => run.integers)), mean(own.map((run) => run.baseline))];
    const most = Math.max(...own.map(({ seconds }) => seconds));
    const passed = integers >= baseline - 1 && most <= 180 && own.every(({ verified }) => verified);
    return [{ name, splits: own.length, integers, baseline, seconds: most, passed }];
  });
  console.table(rows);
  if (rows.some(({ passed }) => !passed)) process.exitCode = 1;
}
