// Fuzzes the parsers of the project: npm run fuzz -- [--cases 1000] [--parser bnm,yaml] [--seed 1] [--jobs 2] [--case 17] [--record file.json]
// Every case comes from seed, parser and number alone. Failing inputs are saved under fuzz/failures/; exit code 1 where there is any.
import { rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { FAILURES } from './outcome.mjs';
import { PARSERS } from './parsers.mjs';
import { LIMITS, runCases, saveCase } from './watchdog.mjs';

/** Consecutive cases that one process takes from the common list at a time: starting one takes as long as a hundred cases. */
const SHARE = 500;
const PROGRESS_MS = 10_000;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000' },
    parser: { type: 'string', default: PARSERS.join(',') },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: `${Math.min(2, availableParallelism())}` },
    case: { type: 'string' },
    record: { type: 'string' },
  },
});
const parsers = values.parser.split(',');
const unknown = parsers.find((name) => !PARSERS.includes(name));
if (unknown !== undefined) {
  console.error(`There is no parser ${unknown}; there are ${PARSERS.join(', ')}.`);
  process.exit(2);
}
const seed = Number(values.seed);
const indices = values.case === undefined ? [...Array(Number(values.cases)).keys()] : [Number(values.case)];
const failureFolder = fileURLToPath(new URL('./failures/', import.meta.url));

const rows = new Map(
  parsers.map((parser) => [
    parser,
    {
      parser,
      cases: 0,
      accepted: 0,
      ...Object.fromEntries(FAILURES.map((kind) => [kind, 0])),
      cpuSeconds: 0,
      slowest: 0,
      peakBytes: 0,
      refusals: {},
    },
  ]),
);
const failures = [];
const started = Date.now();
const total = parsers.length * indices.length;
let finished = 0;

function record(parser, { index, accepted, refused, failure, detail, seconds = 0, rss }) {
  const row = rows.get(parser);
  row.cases++;
  row.cpuSeconds += seconds;
  row.slowest = Math.max(row.slowest, seconds);
  row.peakBytes = Math.max(row.peakBytes, rss);
  if (accepted && !failure) row.accepted++;
  if (refused && !failure) row.refusals[refused] = (row.refusals[refused] ?? 0) + 1;
  if (failure) {
    row[failure]++;
    failures.push({ parser, index, failure, detail });
    console.log(`✗ ${parser} case ${index}: ${failure}: ${String(detail).split('\n').slice(0, 4).join('\n    ')}`);
  }
  finished++;
}

function progress() {
  const elapsed = (Date.now() - started) / 1000;
  // Parsers differ tenfold in speed, so the time left is estimated from those that are begun and the mean of the others.
  const left = finished === 0 ? '?' : `${Math.ceil(((elapsed / finished) * (total - finished)) / 60)} min`;
  const share = ((100 * finished) / total).toFixed(1);
  console.log(
    `${finished} of ${total} cases (${share} %), ${failures.length} failures, ${Math.round(elapsed)} s, about ${left} left`,
  );
}

/** Shares of all parsers in turn, so that the estimate holds and both processes end together. */
const shares = [];
for (let at = 0; at < indices.length; at += SHARE) {
  for (const parser of parsers) shares.push({ parser, indices: indices.slice(at, at + SHARE) });
}

async function work() {
  for (let share = shares.shift(); share; share = shares.shift()) {
    const { parser } = share;
    await runCases(parser, seed, share.indices, (result) => record(parser, result));
  }
}

if (values.case === undefined) rmSync(failureFolder, { recursive: true, force: true });
const ticker = setInterval(progress, PROGRESS_MS);
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
clearInterval(ticker);
progress();
for (const { parser, index } of failures)
  await saveCase(parser, seed, index, join(failureFolder, `${parser}-${seed}-${index}`));

const table = [...rows.values()];
const columns = ['parser', 'cases', 'accepted', ...FAILURES, 'CPU s', 'slowest s', 'peak MB', 'refused as'];
const lines = table.map((row) => [
  row.parser,
  row.cases,
  row.accepted,
  ...FAILURES.map((kind) => row[kind]),
  row.cpuSeconds.toFixed(0),
  row.slowest.toFixed(2),
  Math.round(row.peakBytes / 1e6),
  Object.entries(row.refusals)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([code, count]) => `${code} ${count}`)
    .join(', '),
]);
const widths = columns.map((title, i) => Math.max(title.length, ...lines.map((line) => String(line[i]).length)));
for (const line of [columns, ...lines])
  console.log(
    line
      .map((cell, i) => String(cell).padEnd(widths[i]))
      .join('  ')
      .trimEnd(),
  );
if (failures.length > 0)
  console.log(`${failures.length} failures; their files are in ${failureFolder}<parser>-<seed>-<case>`);
else
  console.log(
    `No failure in ${finished} cases (limits: ${LIMITS.cpuSeconds} s of processor time, ${LIMITS.rssBytes / 1e6} MB).`,
  );

if (values.record !== undefined) {
  const round = (value) => Number(value.toFixed(2));
  const results = table.map(({ peakBytes, cpuSeconds, slowest, ...row }) => ({
    ...row,
    cpuSeconds: round(cpuSeconds),
    slowestSeconds: round(slowest),
    peakMB: Math.round(peakBytes / 1e6),
  }));
  const command = `npm run fuzz -- ${process.argv.slice(2).join(' ')}`;
  const machine = `${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  const head = { command, date: new Date().toISOString().slice(0, 10), machine, seed, limits: LIMITS };
  writeFileSync(values.record, `${JSON.stringify({ ...head, results, failures }, null, 2)}\n`);
}
process.exit(failures.length > 0 ? 1 : 0);
