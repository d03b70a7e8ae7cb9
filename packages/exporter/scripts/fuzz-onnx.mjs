// The long form of the fuzz test of ONNX import: node scripts/fuzz-onnx.mjs [cases] [processes]. Each process draws from a seed of its own.
// Writes what happened to bench/results/onnx-fuzz.json.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FIRST_SEED = 20_261;
const cases = Number(process.argv[2] ?? 10_000);
const processes = Number(process.argv[3] ?? availableParallelism());
const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const records = mkdtempSync(join(tmpdir(), 'bitnetmcu-fuzz-'));

/** Runs one share of the cases; gives what it recorded. */
function share(index) {
  const record = join(records, `${index}.json`);
  const count = Math.floor(cases / processes) + (index < cases % processes ? 1 : 0);
  const environment = { BNM_FUZZ_CASES: `${count}`, BNM_FUZZ_SEED: `${FIRST_SEED + index}`, BNM_FUZZ_RECORD: record };
  const child = spawn(process.execPath, [vitest, 'run', 'src/onnx/import/fuzz.test.ts', '--reporter=default'], {
    cwd: folder,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(readFileSync(record, 'utf8'))) : reject(new Error(`process ${index} failed`)),
    );
  });
}

try {
  const shares = await Promise.all(Array.from({ length: processes }, (_, index) => share(index)));
  const outcomes = {};
  for (const [code, count] of shares.flatMap((entry) => Object.entries(entry.outcomes))) {
    outcomes[code] = (outcomes[code] ?? 0) + count;
  }
  const record = {
    cases: shares.reduce((sum, entry) => sum + entry.cases, 0),
    outcomes,
    slowestMs: Math.max(...shares.map(({ slowestMs }) => slowestMs)),
    largestBytes: Math.max(...shares.map(({ largestBytes }) => largestBytes)),
  };
  writeFileSync(join(folder, 'bench', 'results', 'onnx-fuzz.json'), `${JSON.stringify(record, null, 2)}\n`);
} finally {
  rmSync(records, { recursive: true, force: true });
}
