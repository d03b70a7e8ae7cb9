// Processor time, memory and the longest pause of the event loop while a large table is read (RELIABILITY of services that load data).
//   node bench/read-csv.mjs [--rows 200000] [--columns 784] [--output bench/results/read-csv.json]
// The bars: 12 s of one core, 700 MB and 100 ms for 200 000 rows of 784 values. Each table is read in a process of its own.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadDataset, Random } from '@bitnetmcu/trainer';
import { machine } from './measure.mjs';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '200000' },
    columns: { type: 'string', default: '784' },
    read: { type: 'string' },
    range: { type: 'string' },
    output: { type: 'string' },
  },
});

/** Kinds of table; `cell` writes one value, four of five of which are 0. The two that are not of the bar have a quarter of the rows. */
const TABLES = {
  'pixels 0 … 255': { cell: (value) => String(value), share: 1 },
  'quoted pixels': { cell: (value) => `"${value}"`, share: 0.25 },
  'fractions 0 … 1': { cell: (value) => (value / 255).toFixed(6), range: '0,1', share: 0.25 },
};

function writeTable(path, rows, columns, cell) {
  const random = Random.of(1, 1);
  const file = openSync(path, 'w');
  writeSync(file, `label,${Array.from({ length: columns }, (_, i) => `pixel${i}`).join()}\n`);
  for (let row = 0; row < rows; row++) {
    const cells = Array.from({ length: columns }, () =>
      cell(random.nextUint32() % 5 > 0 ? 0 : random.nextUint32() % 256),
    );
    writeSync(file, `${random.nextUint32() % 10},${cells.join()}\n`);
  }
  closeSync(file);
}

/**
 * The longest turn of the event loop, by the clock and in processor time: where other programs want the processor too, the clock also
 * counts what they take. Processor time counts helper threads (garbage collection) with it.
 */
function watchPauses() {
  const longest = { wall: 0, cpu: 0 };
  let stopped = false;
  let clock = performance.now();
  let processor = process.cpuUsage();
  const turn = () => {
    const { user, system } = process.cpuUsage(processor);
    longest.wall = Math.max(longest.wall, performance.now() - clock);
    longest.cpu = Math.max(longest.cpu, (user + system) / 1000);
    clock = performance.now();
    processor = process.cpuUsage();
    if (!stopped) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    stopped = true;
    return longest;
  };
}

/** Reads the table in this process and prints what that took. */
async function measure(path, range) {
  const began = process.cpuUsage();
  const started = performance.now();
  const spec = { kind: 'csv', train: path, ...(range && { range: range.split(',').map(Number) }) };
  const { train, test } = await loadDataset(spec);
  const wall = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(began);
  const peak = process.resourceUsage().maxRSS * 1024;
  // Once more for the pauses: watching costs processor time itself.
  const pauses = watchPauses();
  await loadDataset(spec);
  await new Promise((resolve) => setTimeout(resolve, 10));
  const longest = pauses();
  console.log(
    JSON.stringify({
      samples: train.count + test.count,
      cpuSeconds: Number(((user + system) / 1e6).toFixed(2)),
      wallSeconds: Number(wall.toFixed(2)),
      longestPauseMs: Number(longest.wall.toFixed(1)),
      longestPauseCpuMs: Number(longest.cpu.toFixed(1)),
      peakMB: Math.round(peak / 1e6),
    }),
  );
}

function main() {
  const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-bench-'));
  const columns = Number(values.columns);
  const results = [];
  try {
    for (const [table, { cell, range, share }] of Object.entries(TABLES)) {
      const rows = Math.round(Number(values.rows) * share);
      const path = join(folder, 'table.csv');
      writeTable(path, rows, columns, cell);
      const args = [fileURLToPath(import.meta.url), '--read', path, ...(range ? ['--range', range] : [])];
      const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      results.push({ table, rows, columns, megabytes: Math.round(statSync(path).size / 1e6), ...JSON.parse(stdout) });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.table(results);
  if (values.output) {
    mkdirSync(dirname(values.output), { recursive: true });
    writeFileSync(values.output, `${JSON.stringify({ machine: machine(), results }, null, 2)}\n`);
  }
}

if (values.read) await measure(values.read, values.range);
else main();
