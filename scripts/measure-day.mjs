// What a newcomer waits for, measured on fresh clones of the last commit, npm's and pnpm's caches as they are:
//   node scripts/measure-day.mjs [--only demo,build,fast,test]
// Prints seconds of wall clock and of processor time, and records them in bench/results/day.json. On a machine that is not alone the
// second number is the one to compare. Some ten minutes.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { capture, root } from './workspace.mjs';

/** By name: the command, the bar in seconds on two cores, and what it needs first (not measured). */
const STEPS = {
  demo: { title: 'npm run demo on a cold clone', command: 'npm run demo', bar: 110, fresh: true },
  build: { title: 'npm run build from clean', command: 'npm run build', bar: 75, fresh: true, first: 'npm run setup' },
  fast: { title: 'npm run test:fast after a build', command: 'npm run test:fast', bar: 60, first: 'npm run build' },
  test: { title: 'npm test after a build', command: 'npm test', bar: 300, first: 'npm run build' },
};
const RECORD = join(root, 'bench', 'results', 'day.json');

const { values } = parseArgs({ options: { only: { type: 'string', default: Object.keys(STEPS).join(',') } } });
const chosen = values.only.split(',');
const unknown = chosen.find((name) => !(name in STEPS));
if (unknown !== undefined) {
  console.error(`--only ${unknown} found, some of ${Object.keys(STEPS).join(', ')} wanted, with commas`);
  process.exit(1);
}

/** Runs a command in a shell that tells, by `times`, what its children took of the processor. */
function measure(command, cwd) {
  const started = performance.now();
  const env = { ...process.env, CI: '' };
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `${command} >&2; status=$?; times; exit $status`], {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) console.log(stderr.split('\n').slice(-40).join('\n'));
  const [, children = ''] = stdout.trim().split('\n');
  const processor = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + 60 * m + Number(s), 0);
  return { seconds: Math.round(seconds), processorSeconds: Math.round(processor), passed: status === 0 };
}

const workshop = mkdtempSync(join(tmpdir(), 'bitnetmcu-day-'));
const results = {};
try {
  let clone;
  for (const name of chosen) {
    const { title, command, bar, fresh, first } = STEPS[name];
    if (fresh || clone === undefined) {
      clone = join(workshop, name);
      capture('git', ['clone', '--quiet', root, clone]);
    }
    if (first !== undefined) measure(first, clone);
    const result = measure(command, clone);
    results[name] = { title, bar, ...result };
    const { seconds, processorSeconds, passed } = result;
    console.log(
      `${passed && seconds <= bar ? '✓' : '✗'} ${title}: ${passed ? '' : 'failed, '}${seconds} s (bar: ${bar} s${seconds <= bar ? '' : ', missed'}), ${processorSeconds} s of processor time`,
    );
  }
} finally {
  rmSync(workshop, { recursive: true, force: true });
}
const before = existsSync(RECORD) ? JSON.parse(readFileSync(RECORD, 'utf8')).results : {};
const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
const commit = capture('git', ['rev-parse', '--short', 'HEAD'], { cwd: root }).trim();
writeFileSync(RECORD, `${JSON.stringify({ commit, machine, results: { ...before, ...results } }, null, 2)}\n`);
process.exit(Object.values(results).every(({ passed }) => passed) ? 0 : 1);
