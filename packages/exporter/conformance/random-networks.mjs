// Random networks through every implementation of integer inference; all logits must be the reference's.
//   node conformance/random-networks.mjs [--networks 2000] [--exported 2000] [--export-targets one|all] [--simulated 0] [--seed 1]
//                                        [--jobs <processors>] [--json <file>]
// All networks: a naive second implementation, WebAssembly, and C in every layout under the address and the undefined-behaviour
// sanitizer. The first `exported`: exported C, compiled with warnings as errors under the sanitizers. The first `simulated`: every
// simulated part with all of its kernels.
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { requireHostCompiler } from '@bitnetmcu/mcu-runtime/internal/node';

const { values } = parseArgs({
  options: {
    networks: { type: 'string', default: '2000' },
    exported: { type: 'string', default: '2000' },
    'export-targets': { type: 'string', default: 'one' },
    simulated: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: `${availableParallelism()}` },
    json: { type: 'string' },
  },
});
const number = (name) => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 0) return value;
  console.error(`--${name} ${values[name]}: a whole number wanted.`);
  process.exit(2);
};
const networks = number('networks');
const [exported, simulated] = [Math.min(networks, number('exported')), Math.min(networks, number('simulated'))];
const seed = number('seed');

/** Networks that one process gets at once: enough that starting and compiling programs is little, few enough to see progress. */
const CHUNK = 50;
const PROGRESS_MS = 10_000;
const MAX_DIFFERENCES = 20;

const here = dirname(fileURLToPath(import.meta.url));
const compiler = requireHostCompiler();
const cache = mkdtempSync(join(tmpdir(), 'bitnetmcu-conformance-'));
const started = Date.now();
const total = { networks: 0, implementations: {}, differences: [] };
let next = 0;
let shown = started;
let isStopped = false;
// What was compared until then is shown and recorded.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    isStopped = true;
  });
}

function collect({ networks: count, implementations, differences }) {
  total.networks += count;
  for (const [name, { networks: run, seconds }] of Object.entries(implementations)) {
    const before = total.implementations[name] ?? { networks: 0, seconds: 0 };
    total.implementations[name] = { networks: before.networks + run, seconds: before.seconds + seconds };
  }
  for (const difference of differences) console.log(`✗ ${difference}`);
  total.differences.push(...differences);
  if (Date.now() - shown < PROGRESS_MS && total.networks < networks) return;
  shown = Date.now();
  const seconds = (shown - started) / 1000;
  const left = (seconds / total.networks) * (networks - total.networks);
  console.log(
    `${total.networks} of ${networks} networks, ${total.differences.length} differ; ${seconds.toFixed(0)} s, about ${left.toFixed(0)} s left`,
  );
}

/** Gives a process range after range until there are none. */
function work() {
  return new Promise((resolve, reject) => {
    // Programs are run by the thousand; leaks are not what is looked for, and finding none takes a tenth of the time.
    const child = fork(join(here, 'worker.mjs'), [cache], { env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } });
    child.on('message', (message) => {
      if (message !== 'ready') collect(message);
      if (isStopped || next >= networks || total.differences.length >= MAX_DIFFERENCES) return child.disconnect();
      const first = next;
      next = Math.min(networks, first + CHUNK);
      const exportTargets = values['export-targets'];
      child.send({
        seed,
        first,
        end: next,
        exportedEnd: Math.min(next, exported),
        exportTargets,
        simulatedEnd: Math.min(next, simulated),
      });
    });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a process ended with code ${code}`))));
  });
}

try {
  await Promise.all(Array.from({ length: Math.max(1, number('jobs')) }, work));
} finally {
  rmSync(cache, { recursive: true, force: true });
}

console.log('\nimplementation                              networks   seconds');
for (const [name, { networks: run, seconds }] of Object.entries(total.implementations)) {
  console.log(`${name.padEnd(42)} ${`${run}`.padStart(9)} ${seconds.toFixed(1).padStart(9)}`);
}
console.log(
  `${total.networks} networks, ${total.differences.length} differences, ${((Date.now() - started) / 1000).toFixed(0)} s`,
);
if (values.json !== undefined) {
  const implementations = Object.fromEntries(
    Object.entries(total.implementations).map(([name, { networks: run }]) => [name, run]),
  );
  const record = {
    command: `node conformance/random-networks.mjs ${process.argv.slice(2, process.argv.indexOf('--json')).join(' ')}`,
    date: new Date(started).toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${compiler.version}, Node ${process.version}`,
    seed,
    networks: total.networks,
    implementations,
    differences: total.differences,
    seconds: Math.round((Date.now() - started) / 1000),
  };
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify(record, undefined, 2)}\n`);
}
process.exit(total.differences.length === 0 && total.networks === networks ? 0 : 1);
