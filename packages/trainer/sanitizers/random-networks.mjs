// The training engine's C under the address and the undefined-behaviour sanitizer: trains random networks.
//   node sanitizers/random-networks.mjs [networks] [seed]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSanitized } from './build-sanitized.mjs';

const [networks, seed] = [Number(process.argv[2] ?? 2000), Number(process.argv[3] ?? 1)];
if (!Number.isInteger(networks) || networks < 1 || !Number.isInteger(seed)) {
  console.error('The number of networks and the seed: whole numbers wanted.');
  process.exit(2);
}
const here = dirname(fileURLToPath(import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), 'bitnetmcu-engine-'));
const KEPT_MESSAGES = 6000;
const started = Date.now();

/** One process with a share of the networks; its own seed. */
function share(number, processes, { folder, preload }) {
  const count = Math.ceil(networks / processes);
  const environment = {
    ...process.env,
    LD_PRELOAD: preload,
    // Node's own memory is not what is looked at; nor does every leak of the process at its end matter.
    ASAN_OPTIONS: 'detect_leaks=0:allocator_may_return_null=1',
    UBSAN_OPTIONS: 'print_stacktrace=1',
    // Where node-gyp-build looks for the addon of this package.
    '@BITNETMCU/TRAINER_PREBUILD': folder,
  };
  const child = spawn(process.execPath, [join(here, 'train-networks.mjs'), `${count}`, `${seed + number}`, folder], {
    env: environment,
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let messages = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    messages = (messages + text).slice(-KEPT_MESSAGES);
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      if (code !== 0) console.log(`✗ seed ${seed + number} ended with ${signal ?? `exit code ${code}`}\n${messages}`);
      resolve(code === 0);
    });
  });
}

let passed = false;
try {
  const built = buildSanitized(temporary);
  const processes = Math.min(networks, availableParallelism());
  passed = (await Promise.all(Array.from({ length: processes }, (_, i) => share(i, processes, built)))).every(Boolean);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
console.log(`${((Date.now() - started) / 1000).toFixed(0)} s`);
process.exit(passed ? 0 : 1);
